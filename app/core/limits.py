"""Rate limits: any window of the length named, per API client or account, else per network address."""

from collections.abc import Callable
from typing import Any, TypeVar, cast

from flask import g, request
from flask_login import current_user

from app.core import clients, turns
from app.core.extensions import limiter
from app.core.keys import address_hash

View = TypeVar("View", bound=Callable[..., Any])
_MARK = "_rates"


def limit(
    rates: str, *, methods: list[str] | None = None, sure: bool = False, known: Callable[[], str | None] | None = None
) -> Callable[[View], View]:
    """Answers 429 beyond `rates`, such as "10 per minute; 100 per hour". Stands under `@bp.route`.

    `sure`, for sign-in, money and what the platform fixed low: counted in the database alone, so that no outage of
    Valkey forgets a turn; without the database nobody gets through. `known` may name who is counted apart from others
    of the same address.
    """

    def who() -> str:
        return (turns.SURE if sure else "") + ((known and known()) or client())

    limited = limiter.limit(rates, key_func=who, methods=methods)

    def mark(view: View) -> View:
        setattr(view, _MARK, rates)
        return cast(View, limited(view))

    return mark


def rates_of(view: Callable[..., Any]) -> str | None:
    rates: str | None = getattr(view, _MARK, None)
    return rates


def client() -> str:
    """Who is counted. Addresses go to the store only as keyed hashes."""
    if "client" in g:
        return f"client:{clients.caller().id}"
    if current_user.is_authenticated:
        return f"account:{current_user.account_id}"
    return f"address:{address_hash(request.remote_addr).hex()}"
