"""The copy of the market that each web process keeps, when frames and snapshots come as the network lets them."""

from typing import Any

from app.market.rules.frames import Frame, document
from app.market.rules.mirror import Mirror, Position
from tests.market.framing import row

EPOCH = 7


def told(seq: int, **prices: str) -> dict[str, Any]:
    rows = [row(int(name[1:]), price) for name, price in prices.items()]
    return dict(document(Frame(EPOCH, seq, 1, None, rows, None)))


def snapshot(seq: int, **prices: str) -> dict[str, Any]:
    return told(seq, **prices) | {"sentiments": {}}


def prices(mirror: Mirror) -> dict[int, str]:
    return {one[0]: one[1] for one in mirror.whole("market")["rows"]}


def test_a_snapshot_bridges_no_gap_among_the_frames_that_wait() -> None:
    mirror = Mirror()
    for frame in (told(1, t1="1"), told(3, t3="3")):
        assert not mirror.take(frame)
    assert mirror.restore(snapshot(1, t1="1"))
    assert (mirror.position, mirror.lacks_frames) == (Position(EPOCH, 1), True)
    assert not mirror.take(told(4, t4="4"))
    assert mirror.restore(snapshot(3, t1="1", t2="2", t3="3"))
    assert (mirror.position, mirror.lacks_frames) == (Position(EPOCH, 4), False)
    assert prices(mirror) == {1: "1", 2: "2", 3: "3", 4: "4"}


def test_a_snapshot_older_than_what_is_known_changes_nothing() -> None:
    mirror = Mirror()
    assert mirror.restore(snapshot(2, t1="2"))
    assert mirror.take(told(3, t1="3"))
    assert not mirror.restore(snapshot(2, t1="2"))
    assert prices(mirror) == {1: "3"}
