"""Each rule of the evaluator broken once: the small contests must notice."""

from pathlib import Path
from types import ModuleType

import pytest

from app.contests import verify
from tests.contests.cases import Case, seen
from tests.contests.test_verify import CASES

SOURCE = Path(verify.__file__).read_text()
LIFO = (
    ("lots[mint][0][2]", "lots[mint][-1][2]"),
    ("lots[mint].popleft()", "lots[mint].pop()"),
    ("lots[mint].appendleft(", "lots[mint].append("),
)
MUTANTS: dict[str, tuple[tuple[str, str], ...]] = {
    "half to even": (
        (
            "(2 * abs(top) * 10**places + bottom) // (2 * bottom)",
            "round(abs(Fraction(value)) * 10**places)",
        ),
    ),
    "half towards plus": (
        ("units = (2 * abs(top) * 10**places", "units = (2 * top * 10**places"),
        ("units if value >= 0 else -units", "units"),
    ),
    "the second left out": (("(second + 1,)", "(second,)"),),
    "age exclusive": (("second - at <= rules", "second - at < rules"),),
    "deviation exclusive": (("* BPS <= middle", "* BPS < middle"),),
    "deviation from the mean": (("middle = median(", "middle = mean("),),
    "too few sources still a value": (("near if len(near) >= rules", "near if len(near) >= 0 * rules"),),
    "a mean of sources": (("sorted(median(prices.values())", "sorted(mean(prices.values())"),),
    "no trimming": (("values[trim : len(values) - trim]", "values"),),
    "trimming rounded up": (('rules["trim_bps"] // BPS', 'rules["trim_bps"] // -BPS * -1'),),
    "coverage exclusive": (("* BPS < len(grid)", "* BPS <= len(grid)"),),
    "gap inclusive": (('len(gap) > rules["max_gap_s"]', 'len(gap) >= rules["max_gap_s"]'),),
    "the first gap instead of the longest": (("max(runs, key=len, default=[])", "next(runs, [])"),),
    "close one second shorter": (('["max_final_gap_s"] - 1 :', '["max_final_gap_s"] :'),),
    "close one second longer": (('["max_final_gap_s"] - 1 :', '["max_final_gap_s"] - 2 :'),),
    "more than half the window": (("2 * len(prices) >= len(grid)", "2 * len(prices) > len(grid)"),),
    "spread inclusive": (("spread * BPS > Fraction", "spread * BPS >= Fraction"),),
    "prices of nothing": (('Fraction(tick["price"]) > 0', 'Fraction(tick["price"]) >= -9'),),
    "the earlier of equal times": (('sorted(bundle["ticks"], key', 'sorted(bundle["ticks"][::-1], key'),),
    "ticks in the file's order": (
        ('sorted(bundle["ticks"], key=lambda tick: instant(tick["at"]))', 'bundle["ticks"]'),
    ),
    "whole seconds": (("before * 1_000_000 for before", "before * 1_000_000 - ends_at % 1_000_000 for before"),),
    "tokens of eligible players": (
        (
            'for trade in bundle["trades"]}\n    for tick',
            'for trade in bundle["trades"] if trade["wallet"] in players}\n    for tick',
        ),
    ),
    "last in first out": LIFO,
    "age of the last lot": (("closes.append((profit, at - since", "closes.append((profit, at - bought_at"),),
    "nothing won is a win": (("if close[0] > 0]", "if close[0] >= 0]"),),
    "the last profit": (("iso(wins[0][2])", "iso(wins[-1][2])"),),
    "never a profit is first": (("(v is None, v and", "(v is not None, v and"),),
    "a later profit is better": (("v and instant(v))", "v and -instant(v))"),),
    "less is better": (("else -Decimal(v) for rule", "else Decimal(v) for rule"),),
    "open positions left out": (('books[row["wallet"]] + sales', 'books[row["wallet"]]'),),
    "rules in the usual order": (
        ('for rule in contest["tiebreakers"]}', 'for rule in found if rule in contest["tiebreakers"]}'),
    ),
    "exact values ranked": (('{"score": row["score"], **', '{"score": row["value"], **'),),
    "equal trade times reversed": (('for t in bundle["trades"]), key', 'for t in bundle["trades"][::-1]), key'),),
    "1, 2, 2, 3": (("rank = len(standings) + 1", 'rank = len({row["rank"] for row in standings}) + 1'),),
    "fee rounded up": (('contest["platform_fee_bps"] // BPS', 'contest["platform_fee_bps"] // -BPS * -1'),),
    "sponsors forgotten": (('contest.get("sponsored_lamports", 0)', "0"),),
    "the best place takes the rest": (("key=lambda p: -(net * split[p] % sum(split))", "key=lambda p: p"),),
    "the last place takes the rest": (("key=lambda p: -(net * split[p] % sum(split))", "key=lambda p: -p"),),
    "of equal remainders the worse place": (("% sum(split)))[:", "% sum(split), -p))[:"), ("p: -(net", "p: (-net")),
    "no renormalising": (("// sum(split) for", "// BPS for"),),
    "dust forgotten": (('sum(t["remainder_lamports"] for t in ties)', "0"),),
    "dust kept by the group": (
        ("divmod(stake := ", "divmod(len(group) + (stake := "),
        ("len(group)]), len", "len(group)])), len"),
    ),
    "disqualified fees in the pool": (("sum(fees[wallet] for wallet in players)", "sum(fees.values())"),),
    "disqualified not refunded": (('if entry.get("disqualified")}', 'if entry.get("expelled")}'),),
    "disqualified counted": (('if len(players) < contest["min', 'if len(fees) < contest["min'),),
    "refunds of the eligible": (
        ('"too_few_participants", "refunds": fees', '"too_few_participants", "refunds": [*players]'),
    ),
    "participants exclusive": (('if len(players) < contest["min', 'if len(players) <= contest["min'),),
}


def broken(changes: tuple[tuple[str, str], ...]) -> ModuleType:
    text = SOURCE
    for old, new in changes:
        assert text.count(old) == 1, f"{old!r} is not in the source once"
        text = text.replace(old, new)
    module = ModuleType("broken")
    exec(compile(text, "broken", "exec"), module.__dict__)  # noqa: S102  the project's own source
    return module


def holds(module: ModuleType, case: Case) -> bool:
    document, expected = case
    try:
        outcome = module.evaluate(document)
        return {what: seen(outcome, what) for what in expected} == expected
    except (ArithmeticError, LookupError, TypeError, ValueError):
        return False


def test_the_source_itself_holds() -> None:
    assert all(holds(broken(()), case) for case in CASES.values())


@pytest.mark.parametrize("changes", MUTANTS.values(), ids=MUTANTS)
def test_a_broken_rule_is_noticed(changes: tuple[tuple[str, str], ...]) -> None:
    module = broken(changes)
    assert [name for name, case in CASES.items() if not holds(module, case)] != []
