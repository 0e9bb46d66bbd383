"""Recordings, made here and played at once."""

import gzip
from decimal import Decimal
from pathlib import Path
from time import time_ns

import pytest

from app.core.errors import Refusal
from app.market.sources.recordings import Recording
from app.market.sources.replay import Replay
from tests.market.sources.services import BONK, SOL, heard, listing

CANDLES = """symbol,minute_epoch,open,high,low,close,volume
SOL,27013681,46.5,46.6,46.0,46.1,30
SOL,27013680,46,47,45.5,46.5,10
BONK,27013680,2,2,2,2,0
"""
TICKS = """symbol,at,price,volume,side
SOL,2021-05-12T12:00:00.5Z,46.123456789012345678,,buy
SOL,2021-05-12T12:00:00Z,46,1.5,
"""
NAMES = (listing("SOL"), listing("BONK", BONK, "BONK"))
FASTEST = 10_000


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "recording.csv"
    path.write_text(CANDLES, encoding="utf-8")
    return path


def test_a_candle_becomes_its_four_prices(file: Path) -> None:
    told = [tick for tick in Recording(file).told(3) if tick.name == "SOL"]
    assert [tick.price for tick in told] == ["46", "45.5", "47", "46.5", "46.5", "46.6", "46", "46.1"]


def test_finer_ticks_keep_the_four_and_all_of_the_volume(file: Path) -> None:
    told = [tick for tick in Recording(file).told(240) if tick.name == "SOL"][:241]
    prices = [Decimal(tick.price) for tick in told]
    assert (prices[0], min(prices), max(prices), prices[-1]) == tuple(map(Decimal, ("46", "45.5", "47", "46.5")))
    assert sum(Decimal(tick.volume or 0) for tick in told) == 10


def test_packed_files_and_single_ticks(tmp_path: Path) -> None:
    path = tmp_path / "ticks.csv.gz"
    path.write_bytes(gzip.compress(TICKS.encode()))
    told = list(Recording(path).told(3))
    assert [(tick.price, tick.volume, tick.side) for tick in told] == [
        ("46", "1.5", None), ("46.123456789012345678", None, "buy"),
    ]  # fmt: skip


def test_it_is_played_as_if_it_happened_now(file: Path) -> None:
    begun_us = time_ns() // 1000
    told, _ = heard(Replay(file, speed=FASTEST), *NAMES, ticks=12)
    assert len(told) == 12
    assert {tick.mint for tick in told} == {SOL, BONK}
    assert all(begun_us <= (tick.at_us or 0) <= time_ns() // 1000 for tick in told)


def test_it_ends_or_begins_anew(file: Path) -> None:
    assert len(heard(Replay(file, speed=FASTEST), *NAMES, ticks=13)[0]) == 12
    assert len(heard(Replay(file, speed=FASTEST, loops=True), *NAMES, ticks=13)[0]) > 12


def test_coins_without_a_listing_are_left_out(file: Path) -> None:
    told, _ = heard(Replay(file, speed=FASTEST), listing("SOL"), ticks=8)
    assert {tick.mint for tick in told} == {SOL}


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("a,b\n1,2\n", "line 1: the columns are a, b"),
        ("", "line 1: the columns are missing"),
        (CANDLES.splitlines()[0], "has no rows"),
        (CANDLES + "SOL,27013682,1,2,x,1,1\n", "line 5: low is 'x'"),
        (CANDLES + "SOL,27013682,3,2,1,1,1\n", "line 5: low, open, close and high"),
        (CANDLES + "SOL,now,1,2,1,1,1\n", "line 5: minute_epoch is 'now'"),
        (CANDLES + "SOL,27013682,1,2\n", "line 5: low is ''"),
        (CANDLES + ",27013682,1,2,1,1,1\n", "line 5: symbol is empty"),
        (TICKS + "SOL,yesterday,1,,\n", "line 4: at is 'yesterday'"),
        (TICKS + "SOL,2021-05-12T12:00:00Z,NaN,,\n", "line 4: price is 'NaN'"),
        (TICKS + "SOL,2021-05-12T12:00:00Z,1,,up\n", "line 4: side is 'up'"),
    ],
)
def test_a_wrong_line_is_named(file: Path, text: str, words: str) -> None:
    file.write_text(text, encoding="utf-8")
    with pytest.raises(Refusal, match="recording") as refusal:
        Recording(file)
    assert words in str(refusal.value)


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(Refusal, match="cannot be read"):
        Recording(tmp_path / "none.csv")


def test_a_broken_packing(file: Path) -> None:
    file.write_bytes(gzip.compress(CANDLES.encode() * 9)[:40])
    with pytest.raises(Refusal, match="cannot be read"):
        Recording(file)
