import json
import re
from copy import deepcopy
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from app.contests.verify import canonical, decide, evaluate, seal, verify
from tests.contests.bundles import (
    ANN,
    BEN,
    CLO,
    Document,
    bundle,
    clear_winner,
    contest_bundles,
    stale_market,
    tie_for_first,
    two_players,
)

BY_HAND = {
    "rank": 1, "choice": "order", "wallets": [CLO, ANN, BEN], "by": "nora", "at": "2026-03-04T12:05:00Z",
    "reason": "Clo’s last order reached the venue first, Ben’s last.",
}  # fmt: skip


def evidence(inputs: Document, *decisions: Document) -> Document:
    approvals = [{"by": "nora", "at": "2026-03-04T12:06:00Z", "action": "apply"}]
    return seal(
        {
            "inputs": inputs,
            "result": decide(evaluate(inputs), list(decisions)),
            "decisions": {"ties": list(decisions), "approvals": approvals},
            "evaluation": {
                "version": 2,
                "evaluated_at": "2026-03-04T12:00:07Z",
                "evaluated_by": "worker",
                "code_version": "1",
            },
        }
    )


SEALED = evidence(tie_for_first(), BY_HAND)
RAW = canonical(SEALED)
OUTCOMES = {
    "evaluated": evidence(clear_winner()),
    "shared": evidence(tie_for_first(), {**BY_HAND, "choice": "share"}),
    "by hand": SEALED,
    "delayed": evidence(stale_market()),
    "void": evidence(bundle(min_participants=9)),
}


def at(document: Any, path: str) -> tuple[Any, Any]:
    """The thing that holds what is at the path, and the key or index there."""
    *steps, last = [int(step) if step.isdigit() else step for step in re.findall(r"[^.\[\]]+", path)]
    for step in steps:
        document = document[step]
    return document, last


def altered(path: str, value: Any) -> Document:
    document = deepcopy(SEALED)
    holder, key = at(document, path)
    assert holder[key] != value
    holder[key] = value
    return document


@pytest.mark.parametrize("document", OUTCOMES.values(), ids=OUTCOMES)
def test_what_was_sealed_is_the_same(document: Document) -> None:
    assert verify(canonical(document)) is None


@settings(max_examples=60, deadline=None)
@given(contest_bundles())
def test_any_contest_is_the_same(inputs: Document) -> None:
    assert verify(canonical(evidence(inputs))) is None


@pytest.mark.parametrize(
    ("path", "value", "place"),
    [
        ("inputs.trades[1].price", "81", "inputs.trades[1]"),
        ("inputs.ticks[7].at", "2026-03-04T11:59:51Z", "inputs.ticks[7]"),
        ("inputs.entries[3].nickname", "somebody else", "inputs.entries[3]"),
        ("inputs.tokens[0].decimals", 8, "inputs.tokens[0]"),
        ("inputs.contest.platform_fee_bps", 0, "inputs.contest.platform_fee_bps"),
        ("result.standings[3].prize_lamports", 6, "result.standings[3]"),
        ("result.dust_lamports", 1, "result.dust_lamports"),
        ("decisions.ties[0].reason", "no reason at all, really", "decisions.ties[0]"),
        ("decisions.approvals[0].by", "mallory", "decisions.approvals[0]"),
        ("evaluation.code_version", "2", "evaluation.code_version"),
        ("digests.inputs.trades[2]", "00000000", "digests.inputs.trades[2]"),
        ("hash", "0" * 64, "hash"),
        ("format", "degenduel.evidence/2", "format"),
    ],
)
def test_a_change_has_a_place(path: str, value: Any, place: str) -> None:
    assert (verify(canonical(altered(path, value))) or "same").startswith(f"{place}: ")


def test_a_row_taken_out_has_a_place() -> None:
    document = deepcopy(SEALED)
    del document["inputs"]["trades"][1]
    assert (verify(canonical(document)) or "same").startswith("inputs.trades[1]: ")


@pytest.mark.parametrize(
    ("path", "value", "place"),
    [
        ("result.standings[3].prize_lamports", 6, "result.standings[3].prize_lamports: file says 6, recomputed 0"),
        ("result.standings[0].score", "10031.00", "result.standings[0].score: "),
        ("result.standings[0].wallet", ANN, "result.standings[0].wallet: "),
        ("result.standings[0].terms.bought", "1", "result.standings[0].terms.bought: "),
        ("result.fee_lamports", 40_000_000.0, "byte "),
        ("result.ties", [], "result.ties[0]: file says \"nothing\", recomputed {"),
        ("result.rebate", 5, "result.rebate: file says 5, recomputed \"nothing\""),
        ("inputs.trades[0].price", "79", "inputs and decisions: cannot be evaluated: "),
        ("inputs.contest.entry_fee_lamports", 100_000_002, "result."),
        ("inputs.entries[3].disqualified", True, "result."),
        ("inputs.trades[0].mint", "nothing", "inputs and decisions: cannot be evaluated: "),
        ("inputs.ticks[9].price", "999", "result."),
        ("inputs.trades[0].wallet", "nobody", "inputs and decisions: cannot be evaluated: "),
        ("inputs.trades[0].side", "sell", "inputs and decisions: cannot be evaluated: "),
        ("inputs.ticks", 5, "inputs and decisions: cannot be evaluated: "),
        ("decisions.ties[0].wallets", [ANN, BEN, CLO], "result.standings[0]"),
        ("decisions.ties[0].wallets", [ANN, BEN], "inputs and decisions: cannot be evaluated: "),
        ("decisions.ties[0].rank", 4, "inputs and decisions: cannot be evaluated: "),
    ],
)  # fmt: skip
def test_a_change_sealed_again_is_recomputed(path: str, value: Any, place: str) -> None:
    document = deepcopy(SEALED)
    holder, key = at(document, path)
    holder[key] = value
    assert (verify(canonical(seal(document))) or "same").startswith(place)


@pytest.mark.parametrize(
    ("raw", "message"),
    [
        (b" " + RAW, "byte 0: not canonical JSON"),
        (RAW + b"\n", f"byte {len(RAW)}: not canonical JSON"),
        (RAW[:-1], f"byte {len(RAW) - 1}: not canonical JSON"),
        (RAW.replace(b'"rank":1,', b'"rank":1.0,', 1), "byte "),
        (RAW.replace(b'"rank":1,', b'"rank":1,"rank":1,', 1), "byte "),
        (RAW.replace(b"CUP-TIE", b"\\u0043UP-TIE", 1), "byte "),
        (RAW.replace(b"CUP-TIE", b"\\ud800UP-TIE", 1), "not degenduel.evidence/1: UnicodeEncodeError: "),
        (RAW.replace(b"CUP-TIE", b"\xffUP-TIE", 1), "not JSON: UnicodeDecodeError: "),
        (RAW[:100], "not JSON: JSONDecodeError: "),
        (b"[" * 100_000, "not JSON: RecursionError: "),
        (b"7\n", "not degenduel.evidence/1: TypeError: "),
        (b"", "not JSON: JSONDecodeError: "),
        (canonical(two_players()), "format: file says 'degenduel.contest/1'"),
        (b"\x1f\x8bnothing", "not JSON: error: "),
    ],
)
def test_another_file_is_refused(raw: bytes, message: str) -> None:
    assert (verify(raw) or "same").startswith(message)


def first_change(before: Any, after: Any, place: str = "") -> str:
    if isinstance(before, dict) and isinstance(after, dict):
        key = next(k for k in {**before, **after} if before.get(k, ...) != after.get(k, ...))
        return first_change(before.get(key), after.get(key), f"{place}.{key}")
    if isinstance(before, list) and isinstance(after, list) and len(before) == len(after):
        row = next(i for i in range(len(before)) if before[i] != after[i])
        return first_change(before[row], after[row], f"{place}[{row}]")
    return place.lstrip(".")


@settings(max_examples=400, deadline=None)
@given(st.integers(0, len(RAW) - 1), st.integers(1, 255))
@example(0, 1)
@example(RAW.index(b'"digests"') + 3, 1)
@example(RAW.index(b'"hash"') + 3, 1)
@example(len(RAW) - 1, 1)
def test_one_changed_byte_has_a_place(position: int, flip: int) -> None:
    raw = RAW[:position] + bytes([RAW[position] ^ flip]) + RAW[position + 1 :]
    found = verify(raw) or "same"
    named = found.partition(": ")[0]
    if not re.match(r"byte \d|not JSON: .*(position|char) \d", found):
        changed = json.loads(raw)
        places = first_change(SEALED, changed), first_change(changed, SEALED)
        assert any((named and place.startswith(named)) or f"'{place}'" in found for place in places)
