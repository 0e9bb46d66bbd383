"""/livez and /readyz."""

from collections.abc import Callable

from flask import Flask

from app.core.metrics import Counter
from tests.clients import Browser, api_client

ASKED = Counter("asked_in_tests_total", "Times a test asked.")


def test_livez_answers_without_the_database(client: Browser) -> None:
    assert client.get("/livez").get_data(as_text=True) == "ok\n"


def test_readyz_knows_the_newest_revision(client: Browser) -> None:
    assert client.get("/readyz").get_json() == {"ready": True, "problems": {}, "worse": {}}


def test_without_its_cache_it_is_ready_and_says_what_is_worse(committing_app: Callable[..., Flask]) -> None:
    answer = committing_app(redis_url="redis://127.0.0.1:1/0").test_client().get("/readyz")
    assert (answer.status_code, list(answer.get_json()["worse"])) == (200, ["cache"])


def test_readyz_refuses_an_older_database(committing: Flask) -> None:
    from app.core.extensions import db

    with committing.app_context():
        db.session.execute(db.text("UPDATE alembic_version SET version_num = '0001'"))
        db.session.commit()
    answer = committing.test_client().get("/readyz")
    assert answer.status_code == 503
    assert "flask db upgrade" in answer.get_json()["problems"]["database"]


def test_metrics_are_for_who_has_the_scope(isolated: Flask) -> None:
    ASKED.add(3)
    answer = api_client(isolated, "metrics:read").get("/metrics")
    assert "degenduel_asked_in_tests_total 3.0" in answer.get_data(as_text=True).splitlines()


def test_metrics_are_for_nobody_else(admin: Browser, isolated: Flask) -> None:
    assert admin.get("/metrics").status_code == 401
    assert api_client(isolated, "market:prices:write").get("/metrics").status_code == 403
