"""Prices on open pages: rooms, snapshots, gaps and those who are slow."""

from collections.abc import Iterator
from typing import Any

import pytest

from tests.browser.serving import Server
from tests.core.visiting import Visitor, eventually, visit
from tests.market.framing import TOKENS, Teller

EPOCHS = iter(range(1, 1000))


@pytest.fixture
def teller(market_valkey: str) -> Iterator[Teller]:
    """A market that begins anew for each test."""
    teller = Teller(market_valkey, epoch=next(EPOCHS))
    teller.snapshot()
    yield teller
    teller.close()


@pytest.fixture
def visitor(market: Server, teller: Teller) -> Iterator[Visitor]:
    """Somebody who looks at the whole market, which the server has begun to hear."""
    with visit(market.url, market.cookie_of("support")) as visitor:
        seen(visitor, teller)
        yield visitor


def seen(visitor: Visitor, teller: Teller, room: str = "market") -> Any:
    """Enters the room; the frame a page begins with."""
    assert "refused" not in visitor.ask("join", {"room": room})
    assert eventually(lambda: teller.is_heard_by(1))
    teller.tell()
    teller.snapshot()
    assert eventually(lambda: visitor.ask("sync", {"room": room})["frame"]["epoch"] == teller.epoch)
    visitor.events.clear()
    return visitor.ask("join", {"room": room})["frame"]


def prices(frame: Any) -> dict[int, str]:
    return {row[0]: row[1] for row in frame["rows"]}


def test_a_page_begins_with_everything(visitor: Visitor, teller: Teller) -> None:
    frame = visitor.ask("join", {"room": "market"})["frame"]
    assert (frame["epoch"], frame["seq"], frame["whole"]) == (teller.epoch, teller.seq, True)
    assert len(frame["rows"]) == TOKENS
    assert frame["sentiments"] == {"1": 40}


def test_a_frame_reaches_the_page_as_it_is(visitor: Visitor, teller: Teller) -> None:
    teller.tell(3, 4)
    frame = visitor.told("frame")
    assert prices(frame) == {3: str(teller.seq), 4: str(teller.seq)}
    assert (frame["epoch"], frame["seq"]) == (teller.epoch, teller.seq)


def test_the_room_of_a_token_hears_of_it_alone(market: Server, visitor: Visitor, teller: Teller) -> None:
    with visit(market.url, market.cookie_of("support")) as other:
        begun = seen(other, teller, "token.5")
        assert list(prices(begun)) == [5]
        teller.tell(6)
        teller.tell(5, 6)
        frame = other.told("frame")
        while not frame["rows"]:  # several frames at once become one, which may hold nothing for this room
            frame = other.told("frame")
        assert prices(frame) == {5: str(teller.seq)}
        assert frame["since"] <= begun["seq"] < frame["seq"]


def test_a_page_that_missed_frames_is_told_only_what_it_lacks(visitor: Visitor, teller: Teller) -> None:
    known = {"room": "market", "epoch": teller.epoch, "seq": teller.seq}
    teller.tell(1, 2)
    teller.tell(2, 3)
    assert eventually(lambda: visitor.ask("sync", known)["frame"]["seq"] == teller.seq)
    frame = visitor.ask("sync", known)["frame"]
    assert prices(frame) == {1: str(teller.seq - 1), 2: str(teller.seq), 3: str(teller.seq)}
    assert frame["since"] == known["seq"]


def test_a_page_of_another_epoch_is_told_everything(visitor: Visitor, teller: Teller) -> None:
    frame = visitor.ask("sync", {"room": "market", "epoch": teller.epoch - 1, "seq": 10**6})["frame"]
    assert frame["whole"]
    assert len(frame["rows"]) == TOKENS


def test_frames_the_server_missed_reach_the_page_all_the_same(visitor: Visitor, teller: Teller) -> None:
    before = teller.seq
    teller.frame(7, 8)  # lost on the way
    teller.tell(9)
    teller.snapshot()
    teller.tell(10)
    frame = visitor.told("frame")
    assert frame["since"] == before
    assert {7: str(before + 1), 8: str(before + 1), 9: str(before + 2)}.items() <= prices(frame).items()


def test_a_new_engine_starts_the_pages_anew(visitor: Visitor, teller: Teller, market_valkey: str) -> None:
    successor = Teller(market_valkey, epoch=next(EPOCHS))
    successor.frame(1)
    successor.snapshot()
    successor.tell(2)
    frame = visitor.told("frame")
    assert frame["whole"]
    assert frame["epoch"] == successor.epoch
    successor.close()


def test_a_page_that_left_hears_no_more(visitor: Visitor, teller: Teller) -> None:
    visitor.ask("leave", {"room": "market"})
    teller.tell(1)
    with pytest.raises(TimeoutError):
        visitor.told("frame", within_s=0.5)


@pytest.mark.parametrize("room", ["desk2", "token.", "token.x", "token.1234567890123", "token.²"])
def test_there_are_no_other_rooms(visitor: Visitor, room: str) -> None:
    assert "There is no stream named" in visitor.ask("join", {"room": room})["refused"]


def test_a_wall_sees_prices_and_nothing_of_the_desk(market: Server, teller: Teller) -> None:
    with visit(market.url, market.cookie_of("wall")) as visitor:
        assert visitor.ask("here", {"code": "REAL-1"}) == {"refused": "Your role, wall, does not include this."}
        assert "frame" in visitor.ask("join", {"room": "market"})
