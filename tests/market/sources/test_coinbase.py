"""Coinbase's ticker against a local exchange."""

import json
from collections.abc import Callable

import pytest
from websockets.sync.server import ServerConnection

from app.market.sources import coinbase
from app.market.sources.coinbase import Coinbase
from tests.market.sources.services import BONK, SOL, exchange, heard, listing, trouble

PRODUCTS = (listing("SOL-USD"), listing("BONK-USD", BONK, "BONK"))


def ticker(number: int, price: str, product: str = "SOL-USD") -> str:
    told = {"type": "ticker", "product_id": product, "price": price, "best_bid": "1", "best_ask": "2"}
    events = [{"type": "update", "tickers": [told]}]
    return json.dumps({"channel": "ticker", "client_id": "", "timestamp": "2026-02-09T20:30:37.167359596Z",
                       "sequence_num": number, "events": events})  # fmt: skip


def saying(*messages: str) -> Callable[[ServerConnection], None]:
    """Takes both subscriptions, says all, then waits for the end."""

    def talk(connection: ServerConnection) -> None:
        asked = [json.loads(connection.recv()) for _ in coinbase.CHANNELS]
        assert [told["channel"] for told in asked] == ["heartbeats", "ticker"]
        assert asked[1]["product_ids"] == ["SOL-USD", "BONK-USD"]
        for message in messages:
            connection.send(message)
        connection.recv()

    return talk


def test_prices_are_heard_exactly() -> None:
    beat = json.dumps({"channel": "heartbeats", "sequence_num": 0, "events": [{"heartbeat_counter": 4}]})
    with exchange(saying(beat, ticker(1, "151.230000000001"), ticker(2, "0.00002", "BONK-USD"))) as address:
        told, _ = heard(Coinbase(address=address), *PRODUCTS, ticks=2)
    assert {(tick.mint, tick.price) for tick in told} == {(SOL, "151.230000000001"), (BONK, "0.00002")}
    assert {tick.at_us for tick in told} == {1_770_669_037_167_359}


def test_of_a_flood_the_newest_wins() -> None:
    flood = [ticker(number, str(number + 1)) for number in range(3000)]
    with exchange(saying(*flood)) as address:
        told, _ = heard(Coinbase(address=address), *PRODUCTS, ticks=1)
        prices = [int(str(tick.price)) for tick in told]
    assert prices == sorted(prices)
    assert len(told) < 1500


@pytest.mark.parametrize(
    ("messages", "words"),
    [
        ((ticker(0, "1"), ticker(2, "1")), "skipped from message 0 to 2"),
        ((json.dumps({"type": "error", "message": "no"}),), "refuses our subscription"),
        (("garbage",), "no JSON"),
        ((json.dumps({"channel": "ticker", "sequence_num": 0, "events": 5, "timestamp": ""}),), "another form"),
        ((ticker(0, "1" * (coinbase.MAX_BYTES + 1)),), "connection broke"),
        ((ticker(0, "1"),), "silent"),
    ],
)
def test_what_goes_wrong_is_said(messages: tuple[str, ...], words: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(coinbase, "SILENT_S", 0.3)
    with exchange(saying(*messages)) as address:
        assert words in str(trouble(Coinbase(address=address), *PRODUCTS))


def test_nobody_there() -> None:
    with exchange(saying()) as address:
        gone = address
    assert "connection broke" in str(trouble(Coinbase(address=gone), *PRODUCTS))
