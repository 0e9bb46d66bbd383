"""Bundles that are refused: the line is named, and nothing is written."""

import gzip
import io
import json
from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy.orm import Session

from app.contests.forms.bundle import BundleRefused
from app.contests.forms.reading import Reader
from app.contests.forms.source import Source
from app.contests.service.importing import import_bundle
from app.market.models import Token
from tests.contests.bundles import ANN, BEN, BONK, CLO, SOL, address, bundle, entry, tick, token, trade
from tests.contests.handed import ANN as ACTOR
from tests.contests.handed import brought, counts, packed, zipped

Document = dict[str, Any]


def short(key: str) -> str:
    return f"{key[:4]}…{key[-4:]}"


def without(section: str, name: str, position: int | None = None) -> Document:
    document = bundle()
    home = document[section] if position is None else document[section][position]
    del home[name]
    return document


def with_line(section: str, position: int, **changes: Any) -> Document:
    document = bundle()
    document[section][position] = document[section][position] | changes
    return document


def with_settlement(**changes: Any) -> Document:
    document = bundle()
    document["contest"]["settlement"] |= changes
    return document


SHAPES: list[tuple[Document, str]] = [
    (bundle(format="degenduel.contest/2"), 'format: "degenduel.contest/2" is not "degenduel.contest/1"'),
    ({"format": "degenduel.contest/1"}, "contest: is missing"),
    ({name: part for name, part in bundle().items() if name != "ticks"}, "ticks: is missing"),
    (bundle() | {"extra": 1}, '"extra": is not a section of a contest bundle'),
    (bundle() | {"trades": {}}, "trades: is not a list"),
    (bundle() | {"trades": [5]}, "trades[0]: 5 is not an object"),
    (without("contest", "name"), "contest.name: is missing"),
    (without("trades", "price", 2), "trades[2].price: is missing"),
    (with_line("trades", 1, note="x"), "trades[1].note: is not a field of a contest bundle"),
    (with_line("trades", 1, price=95), "trades[1].price: 95 is not an exact number above zero in quotes"),
    (with_line("trades", 1, price="NaN"), 'trades[1].price: "NaN" is not an exact number'),
    (with_line("trades", 1, price="Infinity"), 'trades[1].price: "Infinity" is not'),
    (with_line("trades", 1, price="1e999999"), 'trades[1].price: "1e999999" is not'),
    (with_line("trades", 1, price="0.00"), 'trades[1].price: "0.00" is not'),
    (with_line("trades", 1, price="-1"), 'trades[1].price: "-1" is not'),
    (with_line("trades", 1, quantity="1" * 41), "trades[1].quantity: "),
    (with_line("trades", 0, side="short"), 'trades[0].side: "short" is not buy or sell'),
    (with_line("trades", 0, executed_at="2026-03-04T11:01:00"), "trades[0].executed_at: "),
    (with_line("trades", 0, executed_at="2026-02-30T11:01:00Z"), "trades[0].executed_at: "),
    (with_line("trades", 0, executed_at="2026-03-04T11:01:00.1234567Z"), "trades[0].executed_at: "),
    (with_line("ticks", 3, price="NaN"), 'ticks[3].price: "NaN" is not an exact number'),
    (with_line("ticks", 3, volume="-2"), 'ticks[3].volume: "-2" is not null or an exact number'),
    (with_line("ticks", 3, source="two words"), 'ticks[3].source: "two words" is not a source'),
    (with_line("entries", 1, wallet="0OIl"), 'entries[1].wallet: "0OIl" is not an address'),
    (with_line("entries", 1, wallet="1" * 33), "entries[1].wallet: "),
    (with_line("entries", 1, wallet="z" * 44), "entries[1].wallet: "),
    (with_line("entries", 1, nickname="a\nb"), 'entries[1].nickname: "a\\nb" is not a text'),
    (with_line("entries", 1, nickname="a\u202eb"), "entries[1].nickname: "),
    (with_line("entries", 1, disqualified=1), "entries[1].disqualified: 1 is not true or false"),
    (with_line("tokens", 0, decimals=True), "tokens[0].decimals: true is not a whole number from 0 to 18"),
    (with_line("tokens", 0, decimals=19), "tokens[0].decimals: 19 is not"),
    (bundle(code="no spaces"), 'contest.code: "no spaces" is not a code'),
    (bundle(code="imports"), 'contest.code: "imports" is not a code'),
    (bundle(prize_split_bps=[6900, 2000, 1000]), "contest.prize_split_bps: [6900, 2000, 1000] is not a list"),
    (bundle(prize_split_bps=[10_000, 0]), "contest.prize_split_bps[1]: 0 is not"),
    (bundle(tiebreakers=["win_rate", "win_rate"]), "contest.tiebreakers: "),
    (bundle(tiebreakers=["wallet"]), 'contest.tiebreakers: ["wallet"] is not a list without repeats out of win_rate'),
    (bundle(entry_fee_lamports=1.5), "contest.entry_fee_lamports: "),
    (bundle(entry_fee_lamports=2**63), "contest.entry_fee_lamports: "),
    (bundle(entry_fee_lamports=2**62), "contest.entry_fee_lamports: the pool would be 13835058055282163712 lamports"),
    (bundle(platform_fee_bps=10_001), "contest.platform_fee_bps: 10001 is not a whole number from 0 to 10000"),
    (bundle(initial_balance=10000), "contest.initial_balance: 10000 is not"),
    (bundle(ends_at="2026-03-04T11:00:00Z"), "contest.ends_at: 2026-03-04 11:00:00 is not after the start"),
    (with_settlement(window_s="60"), 'contest.settlement.window_s: "60" is not a whole number from 1 to 86400'),
    (with_settlement(trim_bps=5000), "contest.settlement.trim_bps: 5000 is not a whole number from 0 to 4999"),
    (with_settlement(min_sources=0), "contest.settlement.min_sources: 0 is not"),
    (with_settlement(grace_s=1), "contest.settlement.grace_s: is not a field"),
    (bundle(settlement={}), "contest.settlement.window_s: is missing"),
    (bundle(name=[[[[[[]]]]]]), "contest.name[0][0][0]: is nested too deeply"),
]  # fmt: skip

MEANINGS: list[tuple[Document, str]] = [
    (
        bundle(tokens=[token(SOL, "SOL"), token(BONK, "BONK"), token(SOL, "SO")]),
        f"tokens[2]: mint {short(SOL)} is already tokens[0]",
    ),
    (
        bundle(entries=[entry(ANN), entry(BEN), entry(CLO), entry(BEN)]),
        f"entries[3]: wallet {short(BEN)} is already entries[1]",
    ),
    (bundle(entries=[entry(ANN), entry(BEN)]), f"trades[2]: wallet {short(CLO)} has no entry"),
    (
        bundle(trades=[trade(ANN, "buy", "1", "1"), trade(ANN, "buy", "1", "1", mint=address("?"))]),
        f"trades[1]: mint {short(address('?'))} is not in tokens",
    ),
    (
        bundle(trades=[trade(ANN, "buy", "1", "1", -0.000001)]),
        "trades[0]: executed at 2026-03-04 10:59:59.999999, before the start at 2026-03-04 11:00:00",
    ),
    (
        bundle(trades=[trade(ANN, "buy", "1", "1", 3600.5)]),
        "trades[0]: executed at 2026-03-04 12:00:00.5, after the end at 2026-03-04 12:00:00",
    ),
    (bundle(trades=[trade(ANN, "buy", "2", "90"), trade(ANN, "sell", "3.0", "90")]), "trades[1]: sells 3 SOL, holds 2"),
    (bundle(trades=[trade(ANN, "sell", "1", "90"), trade(ANN, "buy", "1", "90")]), "trades[0]: sells 1 SOL, holds 0"),
    (bundle(trades=[trade(ANN, "buy", "100", "100.01")]), "trades[0]: buys 100 SOL for 10001, has 10000"),
    (
        bundle(
            trades=[
                trade(ANN, "buy", "90", "100", 10),
                trade(ANN, "buy", "20", "100", 20),
                trade(ANN, "sell", "50", "100", 30),
            ]
        ),
        "trades[1]: buys 20 SOL for 2000, has 1000",
    ),
    (
        bundle(
            trades=[trade(ANN, "sell", "1", "1", 30), trade(ANN, "sell", "3", "1", 20), trade(ANN, "buy", "2", "1", 10)]
        ),
        "trades[1]: sells 3 SOL, holds 2",
    ),
    (
        bundle(trades=[trade(BEN, "sell", "1", "1", 30), trade(ANN, "buy", "999", "999", 10)]),
        "trades[0]: sells 1 SOL, holds 0",
    ),
    (
        bundle(ticks=[tick("1", 100), tick("1", 50, mint=address("?"))]),
        f"ticks[1]: mint {short(address('?'))} is not in tokens",
    ),
]


@pytest.mark.parametrize(("document", "words"), [pytest.param(*case, id=case[1][:60]) for case in SHAPES + MEANINGS])
def test_refused_with_the_line(session: Session, document: Document, words: str) -> None:
    before = counts(session)
    with pytest.raises(BundleRefused) as refusal:
        import_bundle(io.BytesIO(packed(document)), by=ACTOR)
    assert str(refusal.value).startswith(words)
    assert counts(session) == before


RAW: list[tuple[bytes, str]] = [
    (b"", "the file: not JSON in UTF-8: it ends too early"),
    (b"[]", "the file: is not an object"),
    (packed(bundle())[:-1], "ticks[20]: not JSON in UTF-8: it ends too early"),
    (packed(bundle()) + b"{}", "after the end of the bundle: not JSON in UTF-8: something follows"),
    (b"\xef\xbb\xbf" + packed(bundle()), "the file: not JSON in UTF-8"),
    (json.dumps(bundle()).encode("utf-16"), "the file: not JSON in UTF-8"),
    (packed(bundle()).replace(b"Test cup", b"Test \xff"), "contest: not JSON in UTF-8"),
    (packed(bundle()).replace(b'"95"', b"NaN"), "trades[1]: not JSON in UTF-8"),
    (packed(bundle()).replace(b'"95"', b"9" * 5000), "the file holds a number of more than 2000 digits"),
    (packed(bundle()).replace(b'"95"', b'"' + b"x" * 3_000_000 + b'"'), "the file holds a single value of more than"),
    (packed(bundle()).replace(b'"95"', b'"95", "price": "96"'), "trades[1].price: is there twice"),
    (packed(bundle())[:-1] + b', "trades": []}', "trades: is there twice"),
    (packed(bundle()).replace(b"Test cup", b"Test\\u0000"), "contest.name: "),
    (zipped(bundle())[:-9], "the file ends too early: its gzip data is cut off"),
    (zipped(bundle())[:40] + b"????" + zipped(bundle())[44:], "the file's gzip data is damaged"),
    (b"PK\x03\x04 a zip archive", "the file: not JSON in UTF-8"),
]  # fmt: skip


@pytest.mark.parametrize(("content", "words"), [pytest.param(*case, id=case[1][:60]) for case in RAW])
def test_files_that_are_no_bundle(session: Session, content: bytes, words: str) -> None:
    before = counts(session)
    with pytest.raises(BundleRefused) as refusal:
        import_bundle(io.BytesIO(content), by=ACTOR)
    assert str(refusal.value).startswith(words)
    assert counts(session) == before


def test_a_bomb_is_not_unpacked() -> None:
    bomb = gzip.compress(b" " * 10_000_000)
    source = Source(io.BytesIO(bomb), limit=1_000_000, told=lambda _done, _total: None)
    with pytest.raises(BundleRefused, match="more than 1000000 bytes when it is unpacked"):
        list(Reader(source).sections())
    assert source.read_bytes <= 1_000_000 + 65_536


def test_the_same_code_again(session: Session) -> None:
    brought(bundle())
    before = counts(session)
    with pytest.raises(BundleRefused, match=r"contest\.code: contest CUP-1 exists since 20\d\d-\d\d-\d\d .* UTC"):
        brought(bundle())
    assert counts(session) == before


def test_other_decimals_than_ours(session: Session) -> None:
    brought(bundle())
    with pytest.raises(BundleRefused, match=r"tokens\[0\]: SOL has 6 decimals here, 9 with us"):
        brought(bundle(code="CUP-2", tokens=[token(SOL, "SOL", 6), token(BONK, "BONK", 5)]))


@pytest.mark.parametrize(
    ("since", "until", "is_refused"),
    [(None, "2026-03-04T11:01:00Z", True), (None, "2026-03-04T11:01:00.000001Z", False),
     ("2026-03-04T11:01:00Z", None, False), ("2026-03-04T11:01:00.000001Z", None, True)],
)  # fmt: skip
def test_a_token_counts_while_it_is_whitelisted(
    session: Session, since: str | None, until: str | None, is_refused: bool
) -> None:
    session.add(Token(mint=SOL, symbol="SOL", name="Solana", decimals=9, reason="test", active_from=since,
                      inactive_from=until, state="suspended" if until else "active"))  # fmt: skip
    session.commit()
    outcome = refused_with(bundle)
    assert outcome == ("trades[0]: SOL was not whitelisted at 2026-03-04 11:01:00" if is_refused else "")


def refused_with(make: Callable[[], Document]) -> str:
    try:
        brought(make())
    except BundleRefused as refusal:
        return str(refusal)
    return ""


def test_the_line_itself_is_at_hand() -> None:
    refusal = BundleRefused("trades[17]", "sells 3 BTC, holds 2", {"side": "sell"})
    assert (refusal.place, refusal.row, refusal.status) == ("trades[17]", {"side": "sell"}, 422)


def test_the_refused_row_is_the_files(session: Session) -> None:
    with pytest.raises(BundleRefused) as refusal:
        brought(bundle(trades=[trade(ANN, "sell", "3", "90")]))
    assert refusal.value.row is not None
    assert (refusal.value.row["wallet"], refusal.value.row["quantity"]) == (ANN, 3)
