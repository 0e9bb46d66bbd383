"""What signing in promises beside letting in: fields, hashes, leaving, and who is told what."""

import re

import pytest

from app.core.extensions import db
from app.staff.models import Account
from app.staff.service.passwords import hash_password
from tests.clients import Browser
from tests.pages import parsed


@pytest.mark.parametrize("page", ["/sign-in", "/account", "/confirm"])
def test_fields_for_secrets_say_so(client: Browser, admin: Browser, page: str) -> None:
    shown = parsed((client if page == "/sign-in" else admin).get(page))
    fields = shown.select("input[name*=password]")
    assert fields
    for field in fields:
        assert field["type"] == "password"
        assert field["autocomplete"] in {"current-password", "new-password"}
        assert not {"onpaste", "readonly"} & set(field.attrs)


def test_hashes_are_as_strong_as_written() -> None:
    """docs/security.md names them; OWASP's least for argon2id is 46 MiB with one pass."""
    found = re.fullmatch(r"\$argon2id\$v=19\$m=(\d+),t=(\d+),p=(\d+)\$(.+)\$(.+)", hash_password("gravel otter lamp"))
    assert found is not None
    assert (int(found[1]) >= 46 * 1024, int(found[2]) >= 1) == (True, True)


def test_signing_out_clears_the_browser(admin: Browser) -> None:
    answer = admin.submit("/sign-out")
    assert answer.headers["Clear-Site-Data"] == '"cache", "storage"'


def test_every_page_can_be_left(admin: Browser, support: Browser, wall: Browser) -> None:
    for browser, page in ((admin, "/"), (admin, "/audit"), (support, "/contests"), (wall, "/account")):
        assert parsed(browser.get(page)).select("form[action='/sign-out'], form[action$='/sign-out']"), page


def test_support_sees_no_list_of_staff(support: Browser) -> None:
    with support.application.app_context():
        other = Account(name="somebody-else", display_name="Somebody", role="admin", password_hash="$argon2id$x")
        db.session.add(other)
        db.session.commit()
    assert support.get("/staff").status_code == 403
    assert "somebody-else" not in support.get("/account").get_data(as_text=True)


def test_who_was_refused_is_logged(support: Browser, capfd: pytest.CaptureFixture[str]) -> None:
    support.get("/staff")
    assert '"refused"' in (told := capfd.readouterr().err)
    assert "staff:account:read" in told
