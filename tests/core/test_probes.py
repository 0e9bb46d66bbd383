"""What somebody tries first who looks for a way in."""

import pytest
from werkzeug.test import TestResponse

from app.core.extensions import db
from app.staff.models import Account
from tests.clients import Browser, staff_browser
from tests.pages import parsed
from tests.payouts.desk import to_approve

FILES = [
    "/.git/config", "/.git/HEAD", "/.env", "/instance/secret_key", "/static/", "/static/../config.py", "/app/config.py",
    "/static/%2e%2e/config.py", "/static/..%2f..%2fwsgi.py", "/assets/../../wsgi.py", "/server-status", "/console",
    "/debug", "/backup.sql", "/wsgi.py", "/requirements.txt", "/static/css", "/phpmyadmin/", "/actuator/env",
]  # fmt: skip
PAGES = ["/sign-in", "/account", "/nowhere", "/livez", "/readyz", "/api/v1/prices", "/api/v1/nothing", "/metrics"]


@pytest.mark.parametrize("address", FILES)
def test_files_of_ours_are_not_served(admin: Browser, address: str) -> None:
    assert admin.get(address).status_code == 404


@pytest.mark.parametrize("method", ["TRACE", "TRACK", "CONNECT", "PROPFIND", "PUT", "PATCH", "DELETE"])
@pytest.mark.parametrize("address", ["/", "/sign-in", "/account", "/contests"])
def test_methods_nobody_needs_are_refused(admin: Browser, method: str, address: str) -> None:
    assert admin.open(address, method=method).status_code in {400, 405}


@pytest.mark.parametrize("address", PAGES)
def test_every_answer_says_what_it_is(admin: Browser, address: str) -> None:
    kind = admin.get(address).headers["Content-Type"]
    assert kind.startswith("application/") or kind.endswith("charset=utf-8")


@pytest.mark.parametrize("origin", ["https://evil.example", "null", "http://localhost.evil.example"])
def test_no_other_origin_is_let_in(admin: Browser, origin: str) -> None:
    for method in ("GET", "OPTIONS"):
        headers = admin.open("/account", method=method, headers={"Origin": origin}).headers
        assert not [name for name, _ in headers if name.startswith("Access-Control-")]


def test_more_than_a_form_asks_for_changes_nothing(support: Browser) -> None:
    """Meant to fail by filling the account from the whole form."""
    asked = {"role": "admin", "session_epoch": "99", "disabled_at": "", "account_id": "1", "current_password": "wrong"}
    support.submit("/account/change-password", asked)
    support.submit("/theme", asked | {"theme": "dark"})
    with support.application.app_context():
        account = db.session.get_one(Account, support.account_id)
        assert (account.role, account.session_epoch) == ("support", 1)


@pytest.mark.parametrize(
    ("query", "read"),
    [("q=is:live&q=is:final", "is:live"), ("q[]=is:final&q[$ne]=2", ""), ("__proto__[q]=is:final&q=a", "a")],
)
def test_the_same_name_twice_is_read_once(admin: Browser, query: str, read: str) -> None:
    """The first one counts; names with brackets are other names."""
    assert parsed(admin.get(f"/contests?{query}")).attr("main input[name=q]", "value") == read


@pytest.mark.parametrize(("sent", "read"), [("%2541%42", "%41B"), ("%26lt%3B", "&lt;"), ("%2527", "%27")])
def test_what_is_encoded_twice_is_decoded_once(admin: Browser, sent: str, read: str) -> None:
    assert parsed(admin.get(f"/contests?q={sent}")).attr("main input[name=q]", "value") == read


@pytest.mark.parametrize("host", ["evil.example", "evil.example:8000", "127.0.0.1:8000@evil.example"])
def test_a_forged_host_is_in_no_link(admin: Browser, host: str) -> None:
    answer = admin.submit("/staff/invite", {"role": "support"}, page="/staff")
    forged = admin.get("/staff", headers={"Host": host})
    assert "/welcome/" in answer.get_data(as_text=True)
    assert "evil.example" not in forged.get_data(as_text=True)


def test_downloads_are_named_by_us(isolated: object, admin: Browser) -> None:
    with admin.application.app_context():
        batch = to_approve().id
    named = admin.get(f"/payouts/{batch}/csv").headers["Content-Disposition"]
    assert named.isascii()
    assert named.startswith("attachment; filename=")


@pytest.mark.parametrize("path", ["/contests/%00", "/contests/%0d%0aSet-Cookie:x=1", "/contests/" + "A" * 3000])
def test_odd_addresses_are_not_found(admin: Browser, path: str) -> None:
    """Meant to fail without the handler of DataError: a NUL was a fault of ours."""
    answer: TestResponse = admin.get(path)
    assert answer.status_code in {404, 422}
    assert "Set-Cookie" not in answer.headers or "x=1" not in answer.headers["Set-Cookie"]


def test_support_sees_no_more_than_its_role(support: Browser, isolated: object) -> None:
    other = staff_browser(support.application, "admin")
    assert support.get("/staff").status_code == 403
    assert other.name not in support.get("/account").get_data(as_text=True)
