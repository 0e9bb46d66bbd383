"""Local services that speak what the real ones document, and outlets that keep what sources hand over."""

import asyncio
import json
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from websockets.exceptions import ConnectionClosed
from websockets.sync.server import ServerConnection, serve

from app.market.queries.listings import Listing
from app.market.rules.ticks import GivenTick
from app.market.sources.port import Outlet, Source, Trouble

SOL, BONK = "So11111111111111111111111111111111111111112", "DezXAZ8z7PnrnRJjz3wXBoRgixCa6xjnB7YaB1pPB263"
PATIENCE_S = 40
Answer = Callable[[BaseHTTPRequestHandler], None]


def listing(name: str, mint: str = SOL, symbol: str = "SOL") -> Listing:
    return Listing(name, mint, symbol)


def says(document: Any, status: int = 200, **headers: str) -> Answer:
    body = document if isinstance(document, bytes) else json.dumps(document).encode()

    def answer(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(status)
        for name, value in {"Content-Length": str(len(body)), **headers}.items():
            handler.send_header(name.replace("_", "-"), value)
        handler.end_headers()
        with suppress(ConnectionError):
            handler.wfile.write(body)

    return answer


@contextmanager
def service(*answers: Answer) -> Iterator[tuple[str, list[BaseHTTPRequestHandler]]]:
    """Its address and what it was asked; the last answer is given for ever."""
    asked: list[BaseHTTPRequestHandler] = []

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked.append(self)
            answers[min(len(asked), len(answers)) - 1](self)

        def log_message(self, *_: Any) -> None:
            self.close_connection = True

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}", asked
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


@contextmanager
def exchange(*talks: Callable[[ServerConnection], None]) -> Iterator[str]:
    """A WebSocket server: the first connection gets the first talk, and so on; the last talk is for all others."""
    met: list[ServerConnection] = []

    def talk(connection: ServerConnection) -> None:
        met.append(connection)
        with suppress(ConnectionClosed):
            talks[min(len(met), len(talks)) - 1](connection)

    with serve(talk, "127.0.0.1", 0) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield f"ws://127.0.0.1:{server.socket.getsockname()[1]}"
        server.shutdown()
        thread.join()


def heard(source: Source, *listings: Listing, ticks: int) -> tuple[list[GivenTick], Outlet]:
    """What a source hands over until it was so much; run in a thread, for browser tests leave a loop in this one."""
    told: list[GivenTick] = []
    outlet = Outlet(told.extend, lambda: listings)

    async def listen() -> None:
        work = asyncio.ensure_future(source.run(outlet))
        async with asyncio.timeout(PATIENCE_S):
            while len(told) < ticks and not work.done():
                await asyncio.sleep(0.01)
        if work.done():
            work.result()
        work.cancel()
        await asyncio.wait({work})

    with ThreadPoolExecutor(1) as thread:
        thread.submit(lambda: asyncio.run(listen())).result()
    return told, outlet


def trouble(source: Source, *listings: Listing) -> Trouble:
    """The trouble the source ends in."""
    try:
        heard(source, *listings, ticks=1_000_000)
    except Trouble as told:
        return told
    raise AssertionError("no trouble")
