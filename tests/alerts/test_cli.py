"""`flask alerts …`"""

from flask import Flask

from app.alerts.service import report_breaker
from app.core.clock import database_now


def run(app: Flask, *words: str) -> tuple[int, str]:
    result = app.test_cli_runner().invoke(args=["alerts", *words])
    return result.exit_code, result.output


def test_forces_and_releases(committing: Flask) -> None:
    with committing.app_context():
        report_breaker("market", "closed", reason=None, next_probe_at=None, now=database_now())
    code, said = run(committing, "breaker", "market", "--force", "open", "--minutes", "5", "--reason", "A drill")
    assert code == 0
    assert said.startswith("market: open since ")
    assert "forced by Command line until " in said
    assert "computed closed (A drill)" in said
    assert run(committing, "list")[1].startswith("Market data delay: critical, firing, 1 × since ")
    assert "market: closed since " in run(committing, "breaker", "market", "--release", "--reason", "Over")[1]
    assert run(committing, "list") == (0, "No alert is open.\n")


def test_says_when_nothing_is_known(committing: Flask) -> None:
    assert run(committing, "breaker", "market") == (0, "market: nothing was reported yet.\n")


def test_refuses_in_words(committing: Flask) -> None:
    words = ("breaker", "market", "--force", "open")
    assert run(committing, *words) == (1, "Forcing a breaker needs a reason. Write one sentence.\n")
    assert run(committing, *words, "--release")[1].startswith("A breaker is forced or released, not both.")
