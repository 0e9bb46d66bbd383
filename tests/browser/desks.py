"""Contests for the pages of a served desk, committed by the services that do it in earnest."""

from typing import Any

from flask import Flask

from app.contests.service.decisions import apply_evaluation
from tests.contests.bundles import Document, bundle, stale_market, tie_for_first
from tests.contests.evaluating import BEN_OF_STAFF, again, contest_of, evaluated, imported, ties_of


def coded(document: Document, code: str, **changes: Any) -> Document:
    document["contest"] |= {"code": code, **changes}
    return document


def furnish(app: Flask, name: str) -> dict[str, str]:
    """A contest in each state a page shows differently; what it is → its code, which begins with `name`."""
    with app.app_context():
        imported(coded(bundle(), f"{name}-WAITS"))
        evaluated(coded(tie_for_first(), f"{name}-TIED"))
        evaluated(coded(stale_market(), f"{name}-STALE"))
        evaluated(coded(bundle(), f"{name}-VOID", min_participants=4))
        for code in (f"{name}-AGAIN", f"{name}-FINAL"):
            evaluated(coded(bundle(), code))
        again(f"{name}-AGAIN", reason="A source was corrected")
        apply_evaluation(f"{name}-FINAL", version=contest_of(f"{name}-FINAL").version, reason=None, by=BEN_OF_STAFF)
    return {code: f"{name}-{code}" for code in ("WAITS", "TIED", "STALE", "VOID", "AGAIN", "FINAL")}


def tie_id(app: Flask, code: str) -> int:
    with app.app_context():
        return ties_of(code)[0].id
