"""API clients: made with a key that is shown once, and revoked for good."""

import re
import secrets
from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import func, or_, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from app.audit import service as audit
from app.audit.rules import Actor
from app.core.clients import ANY_SOURCE, SCOPES
from app.core.clock import database_now
from app.core.errors import Refusal
from app.core.extensions import db
from app.core.keys import new_token, token_hash
from app.staff.models import ApiClient
from app.staff.rules import key_of, name_problem

USED_EVERY = timedelta(minutes=1)
SOURCE = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,39}")
HOW_SOURCES = "Name it by 1 to 40 letters, digits, dots, dashes or underscores, or * for every source."


def add_client(
    name: str, *, scopes: Sequence[str], sources: Sequence[str] = (), expires_at: datetime | None = None, by: Actor
) -> str:
    """The client's key, which nobody can look up later. It tells prices of these sources; of none named, its own."""
    problem = name_problem(name)
    if problem is not None:
        raise Refusal(f"“{name}” cannot be the name of a client.", problem, status=422)
    unknown = sorted(set(scopes) - SCOPES.keys())
    if unknown or not scopes:
        said = f"There is no scope {unknown[0]}." if unknown else "A client without a scope could do nothing."
        raise Refusal(said, f"Choose of {', '.join(SCOPES)}.", status=422)
    _check_sources(sources)
    prefix, secret = secrets.token_hex(4), new_token()
    client = ApiClient(
        name=name, scopes=sorted(set(scopes)), sources=sorted(set(sources)) or [name], prefix=prefix,
        key_hash=token_hash(secret), expires_at=expires_at, created_by=int(by.id) if by.kind == "staff" else None,
    )  # fmt: skip
    _insert(client)
    audit.record("staff:client:add", object_type="client", object_id=client.id, by=by, after=_shown(client))
    db.session.commit()
    return key_of(prefix, secret)


def _check_sources(sources: Sequence[str]) -> None:
    wrong = [source for source in sources if source != ANY_SOURCE and not SOURCE.fullmatch(source)]
    if wrong:
        raise Refusal(f"“{wrong[0]}” cannot be the name of a source.", HOW_SOURCES, status=422)


def _insert(client: ApiClient) -> None:
    db.session.add(client)
    try:
        db.session.flush()
    except IntegrityError as error:
        db.session.rollback()
        raise Refusal(f"There is a client called {client.name} already.", "Choose another name.") from error


def rotate_client(name: str, *, overlap: timedelta, expires_at: datetime | None = None, by: Actor) -> str:
    """A new key; the one it follows works beside it for the overlap, never past its own end.

    Without another end the new one has that of the old one.
    """
    client = _held(name)
    _check_alive(client)
    now = database_now()
    if expires_at is None and client.expires_at is not None and client.expires_at <= now:
        raise Refusal(f"The key of {client.name} expired.", "Say how long the new one lasts.", status=422)
    if overlap:
        _check_has_one_key(client, now)
    prefix, secret, before = secrets.token_hex(4), new_token(), _shown(client)
    _keep_previous(client, until=min(now + overlap, client.expires_at or now + overlap), now=now)
    client.prefix, client.key_hash, client.last_used_at = prefix, token_hash(secret), None
    client.expires_at = expires_at or client.expires_at
    after = _shown(client) | {"previous_until": client.previous_until and client.previous_until.isoformat()}
    audit.record("staff:client:rotate", object_type="client", object_id=client.id, by=by, before=before, after=after)
    db.session.commit()
    return key_of(prefix, secret)


def end_previous_key(name: str, *, by: Actor) -> None:
    """The key before the last rotation stops working, in every process within a second."""
    client = _held(name)
    if client.previous_until is None or client.previous_until <= database_now():
        raise Refusal(f"{client.name} has one key only.", "There is nothing to end.")
    before = {"previous_prefix": client.previous_prefix, "previous_until": client.previous_until.isoformat()}
    _forget_previous(client)
    audit.record("staff:client:end_previous", object_type="client", object_id=client.id, by=by, before=before)
    db.session.commit()


def revoke_client(name: str, *, reason: str, by: Actor) -> None:
    """Its keys stop working in every process within a second."""
    client = _held(name)
    _check_alive(client)
    client.revoked_at = database_now()
    _forget_previous(client)
    before = _shown(client)
    audit.record("staff:client:revoke", object_type="client", object_id=client.id, by=by, before=before, reason=reason)
    db.session.commit()


def _held(name: str) -> ApiClient:
    wanted = select(ApiClient).where(func.lower(ApiClient.name) == name.lower()).with_for_update()
    client = db.session.scalars(wanted.execution_options(populate_existing=True)).one_or_none()
    if client is None:
        raise Refusal(f"There is no client called {name}.", "See `flask staff list-clients`.", status=404)
    return client


def _check_alive(client: ApiClient) -> None:
    if client.revoked_at is not None:
        raise Refusal(f"{client.name} was revoked already, on {client.revoked_at:%Y-%m-%d at %H:%M} UTC.")


def _check_has_one_key(client: ApiClient, now: datetime) -> None:
    """A third key would end the first one before the end that somebody was told."""
    if client.previous_until is not None and client.previous_until > now:
        what = f"{client.name} has two keys: the older one works until {client.previous_until:%Y-%m-%d at %H:%M} UTC."
        raise Refusal(what, "End that one first, or make a new key that no old one works beside.")


def _keep_previous(client: ApiClient, *, until: datetime, now: datetime) -> None:
    if until <= now:
        _forget_previous(client)
        return
    client.previous_prefix, client.previous_key_hash = client.prefix, client.key_hash
    client.previous_until, client.previous_used_at = until, client.last_used_at


def _forget_previous(client: ApiClient) -> None:
    client.previous_prefix = client.previous_key_hash = client.previous_until = client.previous_used_at = None


def note_client_used(client_id: int, *, previous: bool = False) -> None:
    """At most once a minute for each of its keys, in a transaction of its own."""
    now = func.clock_timestamp()
    column = ApiClient.previous_used_at if previous else ApiClient.last_used_at
    is_old = or_(column.is_(None), column < now - USED_EVERY)
    with Session(db.engine, join_transaction_mode="create_savepoint") as own, own.begin():
        own.execute(update(ApiClient).where(ApiClient.id == client_id, is_old).values({column: now}))


def _shown(client: ApiClient) -> dict[str, object]:
    expires = client.expires_at and client.expires_at.isoformat()
    return {
        "name": client.name,
        "scopes": client.scopes,
        "sources": client.sources,
        "prefix": client.prefix,
        "expires_at": expires,
    }
