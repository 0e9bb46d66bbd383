"""Several imports at once."""

from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor

from flask import Flask
from sqlalchemy import func, select

from app.contests.forms.bundle import BundleRefused
from app.contests.models import Entry, Player
from app.core.extensions import db
from tests.contests.bundles import ANN, BEN, CLO, Document, bundle, entry
from tests.contests.handed import brought


def at_once(app: Flask, documents: Iterable[Document]) -> list[str]:
    """Each imported by a thread of its own: the refusals, empty where there was none."""

    def bring(document: Document) -> str:
        with app.app_context():
            try:
                brought(document)
            except BundleRefused as refusal:
                return str(refusal)
            finally:
                db.session.remove()
        return ""

    with ThreadPoolExecutor(4) as pool:
        return list(pool.map(bring, documents))


def rows(app: Flask, thing: type[Player | Entry]) -> int:
    with app.app_context():
        found = db.session.execute(select(func.count()).select_from(thing)).scalar_one()
        db.session.remove()
    return found


def test_the_same_players_in_opposite_orders(committing: Flask) -> None:
    orders = [(ANN, BEN, CLO), (CLO, BEN, ANN)] * 4
    documents = [
        bundle(code=f"CUP-{number}", entries=[entry(wallet) for wallet in order]) for number, order in enumerate(orders)
    ]
    assert at_once(committing, documents) == [""] * 8
    assert (rows(committing, Player), rows(committing, Entry)) == (3, 24)


def test_the_same_contest_is_imported_once(committing: Flask) -> None:
    refusals = sorted(at_once(committing, [bundle()] * 4))
    assert refusals[0] == ""
    assert all("contest CUP-1 exists since" in words for words in refusals[1:])
    assert rows(committing, Entry) == 3
