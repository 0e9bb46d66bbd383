"""Browsers for tests: each request starts without any context, forms are sent with the token of their page."""

from contextvars import Context
from typing import Any
from uuid import uuid4

from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from app.audit.rules import SYSTEM
from app.core.extensions import db
from app.staff import service
from app.staff.models import Account
from tests.pages import parsed

PASSWORD = "gravel unhurried otter"
PASSWORD_HASH = "$argon2id$v=19$m=8,t=1,p=1$MTIzNDU2Nzg$7Q"
HTMX = {"HX-Request": "true"}


class Browser(FlaskClient):
    """`account_id` and `name` are those of the account that is signed in, if one is."""

    account_id: int = 0
    name: str = ""

    def open(self, *args: Any, **kwargs: Any) -> TestResponse:
        # An app context that a test holds open would be shared with the request, and its login with the next one.
        # An answer that is sent while it is read is read there too.
        return Context().run(super().open, *args, **{"buffered": True, **kwargs})

    def token(self, page: str) -> str:
        """The form token of a page, which fits every form of this browser."""
        return parsed(self.get(page)).attr("input[name=csrf_token]", "value")

    def submit(
        self, path: str, data: dict[str, Any] | None = None, *, page: str = "", htmx: bool = False
    ) -> TestResponse:
        """Sends a form as its page would; `page` is where the form stands, unless it is its own address."""
        fields = {"csrf_token": self.token(page or self._page_with_form), **(data or {})}
        return self.post(path, data=fields, headers=HTMX if htmx else {})

    @property
    def _page_with_form(self) -> str:
        return "/account" if self.account_id else "/sign-in"


def staff_browser(app: Flask, role: str, *, name: str = "") -> Browser:
    """A browser signed in by a real row to a fresh account of that role. Its account has no usable password."""
    name = name or f"{role}-{uuid4().hex[:6]}"
    browser = app.test_client()
    assert isinstance(browser, Browser)

    def arrive() -> tuple[int, str]:
        with app.app_context():
            account = Account(name=name, display_name=name.title(), role=role, password_hash=PASSWORD_HASH)
            db.session.add(account)
            db.session.flush()
            return account.id, service.open_sign_in(account.id, agent="Test browser", address=b"test").token

    browser.account_id, token = Context().run(arrive)
    browser.name = name
    browser.set_cookie("sid", token)
    return browser


def api_client(app: Flask, *scopes: str, name: str = "", sources: tuple[str, ...] = ("*",)) -> Browser:
    """A program with a real key for these scopes and sources, sent with every request."""
    browser = app.test_client()
    assert isinstance(browser, Browser)
    browser.name = name or f"client-{uuid4().hex[:6]}"

    def added() -> str:
        with app.app_context():
            return service.add_client(browser.name, scopes=scopes, sources=sources, by=SYSTEM)

    browser.environ_base["HTTP_AUTHORIZATION"] = f"Bearer {Context().run(added)}"
    forget_recent(app)
    return browser


def forget_recent(app: Flask) -> None:
    """What a process remembers for a second is of an earlier test."""
    app.extensions.pop("recent", None)
