"""Progress, kept for pages and drawn for commands."""

from dataclasses import replace

import pytest
from flask import Flask

from app.core import progress
from app.core.progress import Step, drawn, forget, kept, last_step


@pytest.mark.usefixtures("session")
def test_the_last_step_is_kept_until_it_is_forgotten() -> None:
    kept("import", 1)("Reading", 3, 9)
    assert last_step("import", 1) == Step("Reading", 3, 9)
    forget("import", 1)
    assert last_step("import", 1) is None


@pytest.mark.usefixtures("session")
def test_it_is_told_now_and_then_and_at_the_end() -> None:
    tell = kept("import", 2)
    for done in range(1000):
        tell("Reading", done, 1000)
    assert last_step("import", 2) != Step("Reading", 999, 1000)
    tell("Reading", 1000, 1000)
    assert last_step("import", 2) == Step("Reading", 1000, 1000)
    forget("import", 2)


def test_losing_it_harms_nothing(app: Flask) -> None:
    from app import create_app

    settings = replace(app.config["SETTINGS"], redis_url="redis://127.0.0.1:1")
    with create_app(settings, TESTING=True).app_context():
        kept("import", 3)("Reading", 1, 2)
        forget("import", 3)
        assert last_step("import", 3) is None


def test_short_work_draws_nothing(capsys: pytest.CaptureFixture[str]) -> None:
    with drawn() as tell:
        tell("Reading", 1, 2)
    assert capsys.readouterr() == ("", "")


def test_long_work_draws_on_stderr_only(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(progress, "SHOWN_AFTER_S", 0)
    with drawn() as tell:
        tell("Reading", 1, 2)
        tell("Reading", 2, 2)
        tell("Writing", 1, 4)
    assert capsys.readouterr() == ("", "Reading: 50 %\nReading: 100 %\nWriting: 25 %\n")
