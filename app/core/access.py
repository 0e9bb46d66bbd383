"""Who may do what: one table of roles, one decorator, and a door that stays shut for everything not listed."""

from collections.abc import Callable, Mapping
from fnmatch import fnmatchcase
from typing import Any, TypeVar
from urllib.parse import urlsplit

import structlog
from flask import Flask, Response, current_app, redirect, request, url_for
from flask_login import current_user
from werkzeug.exceptions import Forbidden

from app.core import clients, htmx

log = structlog.get_logger(__name__)
ROLES: Mapping[str, tuple[str, ...]] = {
    "admin": ("*",),
    "support": (
        "staff:own_*:*",
        "overview:*:read",
        "contests:*:read",
        "contests:note:add",
        "contests:errand:do",
        "market:*:read",
        "alerts:*:read",
        "alerts:note:add",
        "wall:*:read",
        "payouts:*:read",
        "whitelist:*:read",
        "whitelist:note:add",
        "people:*:read",
        "people:note:add",
        "referrals:*:read",
    ),
    "wall": ("staff:own_*:*", "market:feed:read", "wall:board:*"),
}
SIGN_IN = "staff.sign_in"
_PUBLIC = "public"
_CLIENT = "client:"
_MARK = "_access"
_LASTS = "_lasts"

View = TypeVar("View", bound=Callable[..., Any])


class Unlisted(RuntimeError):
    """A route without `@allow`, `@allow_client` or `@public`, or with a scope that nobody can have."""


def allow(permission: str) -> Callable[[View], View]:
    """Only roles that hold `permission` (`domain:subject:action`) reach the view. Stands under `@bp.route`."""

    def mark(view: View) -> View:
        setattr(view, _MARK, permission)
        return view

    return mark


def public(view: View) -> View:
    """Everyone reaches the view, signed in or not. Stands under `@bp.route`."""
    setattr(view, _MARK, _PUBLIC)
    return view


def allow_client(scope: str) -> Callable[[View], View]:
    """Only programs whose key has the scope reach the view, whoever is signed in. Stands under `@bp.route`."""
    if scope not in clients.SCOPES:
        raise Unlisted(f"There is no scope {scope}: app/core/clients.py lists them.")
    return allow(_CLIENT + scope)


def lasting(view: View) -> View:
    """The view answers from what was known while the database is away, to whoever it knew. Stands under `@allow`."""
    setattr(view, _LASTS, True)
    return view


def is_lasting(endpoint: str | None) -> bool:
    return bool(getattr(current_app.view_functions.get(endpoint or ""), _LASTS, False))


def permission_of(view: Callable[..., Any]) -> str | None:
    """What the view asks for: a permission, "client:" and a scope, "public", or None when nobody said."""
    mark: str | None = getattr(view, _MARK, None)
    return mark


def holds(role: str, permission: str) -> bool:
    return any(fnmatchcase(permission, pattern) for pattern in ROLES.get(role, ()))


def roles_with(permission: str) -> list[str]:
    return [role for role in ROLES if holds(role, permission)]


def can(permission: str) -> bool:
    """Whether the signed-in account may do this; for templates, to show why a button is off."""
    return bool(current_user.is_authenticated) and holds(current_user.role, permission)


def actor() -> Any:
    """The signed-in account as the `by=` of a command: an `audit.rules.Actor`."""
    return current_user.actor


def register(app: Flask) -> None:
    """Refuses to start while any endpoint is unlisted."""
    vars(app.view_functions["static"])[_MARK] = _PUBLIC
    unlisted = sorted(name for name, view in app.view_functions.items() if permission_of(view) is None)
    if unlisted:
        raise Unlisted(
            f'Nobody said who may use {", ".join(unlisted)}. Put @allow("domain:subject:action") or @public directly '
            "under the route decorator: above it, Flask registers the view before the mark is on it."
        )
    app.jinja_env.globals["can"] = can


def door() -> Any:
    """Runs before every view: sends strangers to the sign-in page and refuses who may not."""
    if request.endpoint is None:
        return None
    permission = permission_of(current_app.view_functions[request.endpoint])
    if permission == _PUBLIC:
        return None
    if permission is not None and permission.startswith(_CLIENT):
        return clients.enter(permission.removeprefix(_CLIENT))
    if not current_user.is_authenticated:
        return _to_sign_in()
    if permission is None or not holds(current_user.role, permission):
        log.warning("refused", permission=permission, role=current_user.role, account=current_user.account_id)
        raise Forbidden(_who_can(permission or ""))
    return None


def _to_sign_in() -> Any:
    if htmx.is_htmx():
        return Response(status=401, headers={htmx.REDIRECT: url_for(SIGN_IN, next=htmx.shown_path())})
    is_page = request.method in {"GET", "HEAD"}
    wanted = request.full_path.rstrip("?") if is_page else urlsplit(request.referrer or "").path
    return redirect(url_for(SIGN_IN, next=None if wanted in {"", "/"} else wanted), code=303)


def _who_can(permission: str) -> str:
    names = " or ".join(f"{role}s" for role in roles_with(permission)) or "nobody"
    return f"Your role, {current_user.role}, does not include this. It is for {names}."
