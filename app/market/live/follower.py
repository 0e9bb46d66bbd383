"""What brings a web process the engine's frames."""

import random
from typing import Any

import orjson
import structlog
from redis import Redis
from redis.exceptions import RedisError

from app.core.extensions import sockets
from app.market.live.board import Board
from app.market.rules.wire import FRAMES, SNAPSHOT

log = structlog.get_logger(__name__)
SILENCE_S = 3.0
LONGEST_PAUSE_S = 2.0
VALKEY_PATIENCE_S = 1.0


def follow(board: Board, address: str) -> None:
    """Begins with what the snapshot says; to be called once for each board."""
    board.is_followed = True
    follower = Follower(address, board)
    try:
        follower.catch_up()
    finally:
        sockets.start_background_task(follower.run)


class Follower:
    """Hears the engine's frames by a connection of its own, and finds its way back after every loss."""

    def __init__(self, address: str, board: Board) -> None:
        self._valkey: Any = Redis.from_url(
            address, socket_timeout=VALKEY_PATIENCE_S, socket_connect_timeout=VALKEY_PATIENCE_S
        )
        self._board = board

    def run(self) -> None:
        pause = 0.1
        while True:
            try:
                with self._valkey.pubsub() as channel:
                    channel.subscribe(FRAMES)
                    self.catch_up()
                    while self._hear(channel):
                        pause = 0.1
            except RedisError as error:
                log.info("frames are not heard", problem=type(error).__name__, again_in_s=pause)
            except Exception:  # else one frame that cannot be passed on would end all that follow
                log.exception("a frame was not passed on")
            sockets.sleep(pause * random.uniform(0.5, 1))  # noqa: S311 (spreads processes, keeps no secret)
            pause = min(LONGEST_PAUSE_S, pause * 2)

    def _hear(self, channel: Any) -> bool:
        """Takes in all that has come. False after so long a silence that the connection may be what is silent."""
        message = channel.get_message(timeout=SILENCE_S)
        if message is None:
            return False
        frames = []
        while message is not None:
            if message["type"] == "message":
                frames.append((message["data"], orjson.loads(message["data"])))
            message = channel.get_message(timeout=0)
        if not self._board.tell(frames):
            self.catch_up()
        return True

    def catch_up(self) -> None:
        """From the snapshot, when there is one that helps."""
        try:
            found = self._valkey.get(SNAPSHOT)
        except RedisError as error:
            log.info("no snapshot of the market", problem=type(error).__name__)
            return
        before = self._board.mirror.position
        if found and self._board.mirror.restore(orjson.loads(found)) and self._board.mirror.position != before:
            self._board.pass_on(None)
