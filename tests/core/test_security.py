"""Headers on every answer, requests from other sites, proxies, the secret key."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import fields
from pathlib import Path

import pytest
from flask import Flask

from app.config import Config, WrongSetting, read_settings
from app.core.access import public
from app.core.keys import address_hash, canonical_address, secret_key
from tests.clients import Browser

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self' 'sha256-47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU='; "
    "img-src 'self' data:; connect-src 'self'; font-src 'self'; base-uri 'none'; object-src 'none'; "
    "form-action 'self'; frame-ancestors 'none'; report-uri /csp"
)
ADDRESSES = ["/livez", "/sign-in", "/account", "/nowhere", "/static/nothing.css", "/sign-out"]


@pytest.mark.parametrize("address", ADDRESSES)
def test_every_answer_is_hardened(client: Browser, address: str) -> None:
    headers = client.get(address).headers
    assert headers["Content-Security-Policy"] == POLICY
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "same-origin"
    assert headers["Cross-Origin-Opener-Policy"] == headers["Cross-Origin-Resource-Policy"] == "same-origin"
    assert "camera=()" in headers["Permissions-Policy"]
    assert "HX-Request" in headers["Vary"]
    assert len(headers["X-Request-Id"]) == 32


@pytest.mark.parametrize("address", ["/sign-in", "/account", "/nowhere"])
def test_pages_are_kept_by_nobody(admin: Browser, address: str) -> None:
    assert admin.get(address).headers["Cache-Control"] == "no-store"


def test_the_cdn_is_named_only_when_it_is_used(committing_app: Callable[..., Flask]) -> None:
    policy = committing_app(assets="cdn").test_client().get("/livez").headers["Content-Security-Policy"]
    assert "script-src 'self' https://cdn.jsdelivr.net;" in policy


def test_https_is_remembered_where_it_is_used(committing_app: Callable[..., Flask], client: Browser) -> None:
    secure = committing_app(public_url="https://ops.example").test_client()
    assert secure.get("/livez").headers["Strict-Transport-Security"].startswith("max-age=31536000")
    assert "Strict-Transport-Security" not in client.get("/livez").headers


@pytest.mark.parametrize(
    "headers",
    [
        {"Sec-Fetch-Site": "cross-site"}, {"Sec-Fetch-Site": "same-site"}, {"Origin": "https://evil.example"},
        {"Origin": "null"}, {"Origin": "http://localhost.evil.example"}, {"Origin": "http://localhost:81"},
        {"Origin": "https://evil.example", "X-Forwarded-Host": "evil.example"},
    ],
    ids=str,
)  # fmt: skip
def test_forms_of_other_sites_do_nothing(admin: Browser, headers: dict[str, str]) -> None:
    fields = {"csrf_token": admin.token("/account")}
    assert admin.post("/account/sign-out-everywhere", data=fields, headers=headers).status_code == 403
    assert admin.get("/account").status_code == 200


@pytest.mark.parametrize("headers", [{}, {"Sec-Fetch-Site": "same-origin", "Origin": "http://localhost"}], ids=str)
def test_our_own_forms_do(admin: Browser, headers: dict[str, str]) -> None:
    fields = {"csrf_token": admin.token("/account")}
    assert admin.post("/account/sign-out-everywhere", data=fields, headers=headers).status_code == 303


@pytest.mark.parametrize("token", [None, "", "wrong"])
def test_a_wrong_form_token_is_refused(admin: Browser, token: str | None) -> None:
    fields = {} if token is None else {"csrf_token": token}
    assert admin.post("/account/sign-out-everywhere", data=fields).status_code == 400
    assert admin.get("/account").status_code == 200


def test_the_token_of_another_browser_is_refused(admin: Browser, support: Browser) -> None:
    fields = {"csrf_token": support.token("/account")}
    assert admin.post("/account/sign-out-everywhere", data=fields).status_code == 400


@pytest.mark.parametrize(("proxies", "seen"), [(0, "127.0.0.1"), (1, "2.2.2.2"), (2, "1.1.1.1")])
def test_only_trusted_proxies_say_where_from(committing_app: Callable[..., Flask], proxies: int, seen: str) -> None:
    from flask import request

    app = committing_app(trusted_proxies=proxies)
    app.add_url_rule("/whence", view_func=public(lambda: str(request.remote_addr)), endpoint="whence")
    forged = {"X-Forwarded-For": "9.9.9.9, 1.1.1.1, 2.2.2.2", "X-Real-IP": "8.8.8.8"}
    assert app.test_client().get("/whence", headers=forged).text == seen


def test_a_request_id_is_taken_over_from_a_trusted_proxy_only(
    committing_app: Callable[..., Flask], client: Browser
) -> None:
    given = {"X-Request-Id": "abcdef-123456"}
    trusting = committing_app(trusted_proxies=1).test_client()
    assert trusting.get("/livez", headers=given).headers["X-Request-Id"] == "abcdef-123456"
    assert trusting.get("/livez", headers={"X-Request-Id": "a b\x00"}).headers["X-Request-Id"] != "a b\x00"
    assert client.get("/livez", headers=given).headers["X-Request-Id"] != "abcdef-123456"


REPORTS = [b'{"csp-report": {"blocked-uri": "inline"}}', b"", b"[]", b'{"csp-report": 7}', b"\xff"]


@pytest.mark.parametrize("body", REPORTS)
def test_browsers_may_report_what_was_stopped(client: Browser, body: bytes) -> None:
    assert client.post("/csp", data=body, content_type="application/csp-report").status_code == 204


def test_a_key_is_made_once_by_many(tmp_path: Path) -> None:
    settings = Config(instance_path=tmp_path / "new")
    with ThreadPoolExecutor(8) as pool:
        keys = set(pool.map(lambda _: secret_key(settings), range(24)))
    assert len(keys) == 1
    assert len(keys.pop()) >= 43
    assert [path.name for path in settings.instance_path.iterdir()] == ["secret_key"]
    assert (settings.instance_path / "secret_key").stat().st_mode & 0o777 == 0o600


def test_a_given_key_is_used(tmp_path: Path) -> None:
    assert secret_key(Config(instance_path=tmp_path, secret_key="given")) == "given"
    assert list(tmp_path.iterdir()) == []


def test_no_secret_stands_in_the_program() -> None:
    """Whoever runs it gives them, or they are made and kept in a file of one's own."""
    assert {item.name: item.default for item in fields(Config) if item.metadata["secret"] and item.default} == {}


def test_a_secret_may_stand_in_a_file_of_its_own(tmp_path: Path) -> None:
    (tmp_path / "key").write_text("of the vault\n", encoding="utf-8")
    assert read_settings({"DUEL_SECRET_KEY_FILE": str(tmp_path / "key")}).secret_key == "of the vault"
    with pytest.raises(WrongSetting, match="cannot be read"):
        read_settings({"SECRET_KEY_FILE": str(tmp_path / "gone")})


def test_an_instance_folder_that_cannot_be_used_is_said_in_words(tmp_path: Path) -> None:
    (tmp_path / "taken").write_text("a file")
    with pytest.raises(WrongSetting, match=r"INSTANCE_PATH is .* cannot be kept: Not a directory"):
        secret_key(Config(instance_path=tmp_path / "taken" / "instance"))


@pytest.mark.parametrize(
    ("address", "canonical"),
    [
        ("192.0.2.7", "192.0.2.7"), ("::ffff:192.0.2.7", "192.0.2.7"), ("2001:db8::1", "2001:db8::/64"),
        ("2001:db8::ffff:1", "2001:db8::/64"), ("nonsense", "unknown"), ("", "unknown"),
    ],
)  # fmt: skip
def test_addresses_are_counted_alike(address: str, canonical: str) -> None:
    assert canonical_address(address) == canonical


def test_another_key_gives_other_hashes(app: Flask, committing_app: Callable[..., Flask]) -> None:
    hashes = set()
    for one in (app, committing_app(secret_key="another")):
        with one.app_context():
            hashes.add(address_hash("192.0.2.7"))
    assert len(hashes) == 2
