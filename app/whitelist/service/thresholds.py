"""Changing the thresholds: a new version, for every check from then on."""

from dataclasses import asdict

from sqlalchemy import text

from app.audit.rules import Actor
from app.audit.service import record
from app.core.errors import Refusal
from app.core.extensions import db
from app.whitelist.models import WhitelistThreshold
from app.whitelist.queries.thresholds import thresholds_in_use
from app.whitelist.rules.thresholds import Thresholds

IN_TURN = text("SELECT pg_advisory_xact_lock(hashtextextended('whitelist thresholds', 16))")


def save_thresholds(least: Thresholds, *, seen_version: int, reason: str, by: Actor) -> int:
    """The new version. What was judged by an older one stays as it was."""
    db.session.execute(IN_TURN)
    now = thresholds_in_use()
    if now.version != seen_version:
        raise Refusal(f"{now.saved_by} saved version {now.version} of the thresholds meanwhile.", "Look at it first.")
    if now.least == least:
        raise Refusal(f"Version {now.version} of the thresholds is just so.", "Change one of them.", status=422)
    made = WhitelistThreshold(**asdict(least), reason=reason, saved_by=by.name)
    db.session.add(made)
    db.session.flush()
    version = made.version
    record(
        "whitelist:threshold:save", object_type="whitelist_threshold", object_id=version, by=by,
        before=asdict(now.least), after=asdict(least), reason=reason,
    )  # fmt: skip
    db.session.commit()
    return version
