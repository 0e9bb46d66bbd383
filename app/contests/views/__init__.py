"""The contest desk's pages."""

from flask import Blueprint

bp = Blueprint("contests", __name__, url_prefix="/contests")

# They put their routes on the blueprint above, so it has to be there first.
from app.contests.views import (  # noqa: E402 (see above)
    claiming,
    disputes,
    drafting,
    errands,
    evidence,
    held_up,
    importing,
    listing,
    noting,
    reasons,
    replaying,
    ruling,
    running,
    showing,
    templates,
    ties,
    turning,
    using,
)

__all__ = [
    "bp",
    "claiming",
    "disputes",
    "drafting",
    "errands",
    "evidence",
    "held_up",
    "importing",
    "listing",
    "noting",
    "reasons",
    "replaying",
    "ruling",
    "running",
    "showing",
    "templates",
    "ties",
    "turning",
    "using",
]
