"""/livez and /readyz."""

from flask import Flask

from tests.clients import Browser


def test_livez_answers_without_the_database(client: Browser) -> None:
    assert client.get("/livez").get_data(as_text=True) == "ok\n"


def test_readyz_knows_the_newest_revision(client: Browser) -> None:
    assert client.get("/readyz").get_json() == {"ready": True, "problems": {}}


def test_readyz_refuses_an_older_database(committing: Flask) -> None:
    from app.core.extensions import db

    with committing.app_context():
        db.session.execute(db.text("UPDATE alembic_version SET version_num = '0001'"))
        db.session.commit()
    answer = committing.test_client().get("/readyz")
    assert answer.status_code == 503
    assert "flask db upgrade" in answer.get_json()["problems"]["database"]
