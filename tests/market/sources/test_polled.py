"""Jupiter, DexScreener and Pyth against services that speak as documented, and against some that do not."""

import re
import threading
from http.server import BaseHTTPRequestHandler

import pytest

from app.market.sources import fetching
from app.market.sources.dexscreener import DexScreener
from app.market.sources.jupiter import Jupiter
from app.market.sources.pyth import Pyth
from tests.market.sources.services import BONK, SOL, Answer, heard, listing, says, service, trouble

FEED = "ef0d8b6fda2ceba41da15d4095d1da392a0d2f8ed0c6c7bc0f4cfac8c280b56d"
FAST_MS = 5


def priced(price: object, block: int = 348004023, mint: str = SOL) -> dict[str, object]:
    return {mint: {"createdAt": "2024-06-05T08:55:25.527Z", "liquidity": 621679197.67, "usdPrice": price,
                   "blockId": block, "decimals": 9, "priceChange24h": 1.29}}  # fmt: skip


def pool(price: str | None, dollars: float, mint: str = SOL) -> dict[str, object]:
    return {"chainId": "solana", "baseToken": {"address": mint, "symbol": "X"}, "priceNative": "1",
            "priceUsd": price, "liquidity": {"usd": dollars}}  # fmt: skip


def published(price: str, conf: str = "1", at: int = 1_790_000_000, feed: str = FEED) -> dict[str, object]:
    told = {"price": price, "conf": conf, "expo": -8, "publish_time": at}
    return {"binary": {"encoding": "hex", "data": []}, "parsed": [{"id": feed, "price": told, "ema_price": told}]}


def test_jupiter_keeps_every_digit() -> None:
    body = b'{"%s": {"usdPrice": 147.480000000000000001, "blockId": 7, "decimals": 9}}' % SOL.encode()
    with service(says(body)) as (address, asked):
        (tick, *_), _ = heard(Jupiter(address=address, key="k", every_ms=FAST_MS), listing(SOL), ticks=1)
    assert (tick.mint, tick.source, tick.price) == (SOL, "jupiter", "147.480000000000000001")
    assert (asked[0].headers["x-api-key"], asked[0].path) == ("k", f"/?ids={SOL}")


def test_jupiter_says_a_block_once_and_never_an_older_one() -> None:
    with service(*[says(priced(1.5, block)) for block in (5, 5, 4, 6)]) as (address, _):
        told, _ = heard(Jupiter(address=address, every_ms=FAST_MS), listing(SOL), ticks=2)
    assert len(told) == 2


def test_jupiter_leaves_tokens_out() -> None:
    with service(says(priced(None) | priced(0.5, mint=BONK))) as (address, _):
        told, outlet = heard(
            Jupiter(address=address, every_ms=FAST_MS), listing(SOL), listing(BONK, BONK, "BONK"), ticks=1
        )
    assert [tick.mint for tick in told] == [BONK]
    assert outlet.refused["no_price"] >= 1


def test_no_call_asks_for_more_than_the_limit() -> None:
    mints = [listing(f"name{number}", f"mint{number}") for number in range(120)]
    with service(*[says(priced(2, mint=f"name{number}")) for number in (0, 50, 100)]) as (address, asked):
        told, _ = heard(Jupiter(address=address, every_ms=FAST_MS), *mints, ticks=3)
    assert [tick.mint for tick in told] == ["mint0", "mint50", "mint100"]
    assert [path.path.count("name") for path in asked[:3]] == [50, 50, 20]


def test_a_lie_is_passed_on_for_the_book_to_drop() -> None:
    with service(says(priced(147480)), says(priced(-3, block=348004024))) as (address, _):
        told, _ = heard(Jupiter(address=address, every_ms=FAST_MS), listing(SOL), ticks=2)
    assert [tick.price for tick in told] == ["147480", "-3"]


def test_dexscreener_takes_the_deepest_pool() -> None:
    pools = [pool("9", 10), pool("142.30000000000000001", 5e6), pool("8", 20), pool("1", 9e9, BONK), pool(None, 1e9)]
    with service(says(pools)) as (address, asked):
        (tick, *_), outlet = heard(DexScreener(address=address, every_ms=FAST_MS), listing(SOL), ticks=1)
    assert (tick.mint, tick.price) == (SOL, "142.30000000000000001")
    assert asked[0].path == f"/{SOL}"
    assert set(outlet.refused) == {"no_price"}


def test_pyth_scales_by_its_exponent_and_keeps_its_time() -> None:
    with service(says(published("18413602312700000001"))) as (address, asked):
        (tick, *_), _ = heard(Pyth(address=address, key="secret", every_ms=FAST_MS), listing(f"0x{FEED}"), ticks=1)
    assert (str(tick.price), tick.at_us) == ("184136023127.00000001", 1_790_000_000_000_000)
    assert asked[0].headers["Authorization"] == "Bearer secret"


def test_pyth_refuses_what_is_too_uncertain_and_repeats_nothing() -> None:
    wide, sure = published("10000", "101"), published("10000", "100", at=1_790_000_001)
    with service(says(wide), says(sure), says(sure), says(wide), says(published("7", "0", at=1_790_000_002))) as (
        address,
        _,
    ):
        told, outlet = heard(Pyth(address=address, every_ms=FAST_MS), listing(FEED), ticks=2)
    assert [str(tick.price) for tick in told] == ["0.00010000", "7E-8"]
    assert outlet.refused == {"too_uncertain": 1}


def drips(handler: BaseHTTPRequestHandler) -> None:
    """One byte now and then: no single read ever takes long."""
    handler.send_response(200)
    handler.send_header("Content-Length", "100000")
    handler.end_headers()
    for _ in range(20):
        handler.wfile.write(b" ")
        threading.Event().wait(0.05)


@pytest.mark.parametrize(
    ("answer", "words", "retry_s"),
    [
        (says({}, 429, Retry_After="7"), "ask too often", 7),
        (says({}, 500), "answers 500", None),
        (says({}, 401), "refuses our key", None),
        (says({}, 302, Location="http://127.0.0.1:1/"), "answers 302", None),
        (says(b"<html>"), "no JSON", None),
        (says(b'{"a": NaN}'), "no JSON", None),
        (says(b"[" * 100_000), "no JSON", None),
        (says([1, 2]), "another form", None),
        (says(b"x", Content_Encoding="gzip"), "packed", None),
        (says(b" " * (fetching.MAX_BYTES + 1)), "more than 2 MB", None),
        (drips, "no answer within", None),
    ],
)  # fmt: skip
def test_what_goes_wrong_is_said(
    answer: Answer, words: str, retry_s: int | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(fetching, "TOTAL_S", 0.4)
    with service(answer) as (address, _):
        told = trouble(Jupiter(address=address, every_ms=FAST_MS), listing(SOL))
    assert told.retry_s == retry_s
    assert re.search(words, str(told))


def test_nobody_there() -> None:
    with service(says({})) as (address, _):
        gone = address
    assert "cannot be reached" in str(trouble(Jupiter(address=gone), listing(SOL)))
