"""One command is one transaction is one commit, and the audit log knows of it."""

import ast
import re
from collections.abc import Iterator
from functools import cache

import pytest

from app import domains
from tests.house.sources import Planted, Source, calls, functions, hold, imports, sees, sources

APP = tuple(source for source in sources("app") if "migrations" not in source.parts)
SERVICES = tuple(source for source in APP if source.room == "service")
COMMIT = "db.session.commit"
UNRECORDED = {
    ("audit", "verify"): "it looks at the log; what it found is a row of audit_checks",
    ("staff", "count_guess"): "a wrong password is recorded by the sign-in that made it",
    ("staff", "take_turn"): "the same; it says how long to wait",
    ("staff", "note_seen"): "the time of the last request, once a minute",
    ("market", "store"): "ticks four times a second, candles once: their own rows are the record",
    ("market", "make_days"): "empty tables for days to come",
    ("referrals", "record_clicks"): "a click's own row is the record, and there are thousands",
    ("referrals", "make_months"): "empty tables for the months to come",
    ("referrals", "notice_contest"): "which referrals are looked at next; it decides nothing",
    ("referrals", "rank_periods"): "the order of what is counted, once a minute",
    ("referrals", "note_failure"): "the row's own attempts are the record; one that is given up raises an alert",
    ("referrals", "forget_visits"): "what counts clicks once, a day after",
    ("wall", "note_report"): "a screen tells of itself every ten seconds: its own row is the record",
    ("alerts", "claim_measuring"): "which worker measures next; it decides nothing",
    ("alerts", "keep_measured"): "counts of what was measured; their own rows are the record",
    ("alerts", "write_news"): "which alerts are told next; raising and ending them is recorded",
    ("webhooks", "announce_alerts"): "copies for the outbox of what alerts recorded themselves",
    ("webhooks", "claim"): "a lease on a delivery; it decides nothing",
    ("webhooks", "note_answer"): "the delivery's own row is the record; one that is given up raises an alert",
    ("webhooks", "forget_old"): "deliveries of a month ago",
    ("whitelist", "claim_check"): "a lease on a submission; what the check finds is recorded",
    ("whitelist", "claim_look"): "a lease on a token; what the look finds is recorded",
    ("whitelist", "enrol_tokens"): "which tokens are looked at next; it decides nothing",
    ("whitelist", "hurry"): "the same, before a contest starts or is settled",
    ("payouts", "claim"): "a lease on a batch; it decides nothing",
    ("payouts", "note_sent"): "the step of the attempt is written by the database, its end is recorded",
    ("payouts", "ask_about"): "when a batch is looked at next, because of an outsider's hint",
    ("payouts", "look_again"): "when a batch is looked at next, and why not yet",
}
"""Functions that commit without an entry in the log, with the reason."""


def commits_are_commands(source: Source) -> Iterator[str]:
    """Only a command of a service commits: reading pages, queries and rules change nothing."""
    for name, call in calls(source.tree):
        if name.endswith(".commit") and source.room != "service":
            yield f"{call.lineno}: {name}"


def commits_once_at_the_end(source: Source) -> Iterator[str]:
    """A command commits once, when everything is written; after that it only returns what happened."""
    for function in functions(source):
        lines = [call.lineno for name, call in calls(function) if name == COMMIT]
        if len(lines) > 1:
            yield f"{function.lineno}: {function.name} commits {len(lines)} times"
        after = [name for name, call in calls(function) if lines and call.lineno > lines[-1]]
        if any(name.startswith("db.session.") for name in after if name != "db.session.rollback"):
            yield f"{function.lineno}: {function.name} goes on with the database after its commit"


def commands_are_recorded(source: Source) -> Iterator[str]:
    """Who commits a change calls audit.record in the same transaction, itself or through what it calls."""
    for function in functions(source):
        if function.name.startswith("_") or (source.domain, function.name) in UNRECORDED:
            continue
        done = reached(source, function)
        if COMMIT in done and not any(name.split(".")[-1] == "record" for name in done):
            yield f"{function.lineno}: {function.name}"


def reached(source: Source, function: ast.FunctionDef) -> set[str]:
    """Everything the function calls, also through other functions of the domain's services."""
    found: set[str] = set()
    waiting = [(source, function)]
    while waiting:
        here, current = waiting.pop()
        for name in {name for name, _ in calls(current)} - found:
            found.add(name)
            waiting += _called(here, name)
    return found


def _called(source: Source, name: str) -> list[tuple[Source, ast.FunctionDef]]:
    """A function of the same file, or else the public one of that name in the domain's services."""
    here = [(source, function) for function in functions(source) if function.name == name]
    return here or _public_services().get((source.domain, name), [])


@cache
def _public_services() -> dict[tuple[str, str], list[tuple[Source, ast.FunctionDef]]]:
    found: dict[tuple[str, str], list[tuple[Source, ast.FunctionDef]]] = {}
    for source in SERVICES:
        for function in functions(source):
            if not function.name.startswith("_"):
                found.setdefault((source.domain, function.name), []).append((source, function))
    return found


def commands_name_their_actor(source: Source) -> Iterator[str]:
    """Actor and time are parameters: a command that records takes `by`, or makes the actor of what it found."""
    for function in functions(source):
        recorded = [call for name, call in calls(function) if name.split(".")[-1] == "record"]
        for call in recorded:
            by = next((word.value for word in call.keywords if word.arg == "by"), None)
            if by is None:
                yield f"{call.lineno}: {function.name} records without by="


def nothing_leaves_before_the_commit(source: Source) -> Iterator[str]:
    """Services talk to the database only: hints and calls to others follow the commit, in views, jobs and commands."""
    for found in imports(source):
        if found.parts[0] in {"socket", "urllib", "http", "requests", "httpx", "smtplib", "subprocess"}:
            yield f"{found.line}: imports {found.target}"
        if found.target.startswith("app.core.live"):
            yield f"{found.line}: imports {found.target}"


def the_database_has_the_clock(source: Source) -> Iterator[str]:
    """Deadlines are decided by one clock: core.clock.database_now(), read once and passed down."""
    for name, call in calls(source.tree):
        if re.search(r"(datetime|date)\.(now|utcnow|today)$|^time\.time$", name):
            yield f"{call.lineno}: {name}"


def actions_are_named_alike(source: Source) -> Iterator[str]:
    """Audit actions and permissions are `domain:subject:action`, in the words of the glossary."""
    for name, call in calls(source.tree):
        if name.split(".")[-1] not in {"record", "allow", "allow_client", "can"} or not call.args:
            continue
        first = call.args[0]
        if not isinstance(first, ast.Constant) or not isinstance(first.value, str):
            continue
        parts = first.value.split(":")
        plain = all(part.replace("_", "").isalpha() and part.islower() for part in parts)
        if len(parts) != 3 or parts[0] not in domains.FLOORS or not plain:
            yield f"{call.lineno}: {first.value}"


def test_commits_are_commands() -> None:
    hold(commits_are_commands, [source for source in APP if source.domain in domains.FLOORS])


def test_commits_once_at_the_end() -> None:
    hold(commits_once_at_the_end, SERVICES)


def test_commands_are_recorded() -> None:
    hold(commands_are_recorded, SERVICES)


def test_commands_name_their_actor() -> None:
    hold(commands_name_their_actor, SERVICES)


def test_nothing_leaves_before_the_commit() -> None:
    hold(nothing_leaves_before_the_commit, SERVICES)


def test_the_database_has_the_clock() -> None:
    rooms = {"service", "queries", "rules", "jobs", "models"}
    hold(the_database_has_the_clock, [source for source in APP if source.room in rooms])


def test_actions_are_named_alike() -> None:
    hold(actions_are_named_alike, [source for source in APP if source.domain in domains.FLOORS])


def test_every_exception_is_still_needed() -> None:
    needed = {
        (source.domain, function.name)
        for source in SERVICES
        for function in functions(source)
        if COMMIT in (done := reached(source, function)) and not {"record", "audit.record"} & done
    }
    assert UNRECORDED.keys() <= needed, f"Take off UNRECORDED: {UNRECORDED.keys() - needed}"


PLANTED: list[Planted] = [
    (commits_are_commands, "app/contests/queries/x.py", "def x():\n    db.session.commit()"),
    (commits_are_commands, "app/contests/views/x.py", "def x():\n    db.session.commit()"),
    (
        commits_once_at_the_end,
        "app/contests/service/x.py",
        "def x():\n    db.session.commit()\n    db.session.commit()",
    ),
    (commits_once_at_the_end, "app/contests/service/x.py", "def x():\n    db.session.commit()\n    db.session.add(1)"),
    (commands_are_recorded, "app/contests/service/x.py", "def x():\n    write()\n    db.session.commit()"),
    (commands_name_their_actor, "app/contests/service/x.py", "def x():\n    record('a:b:c', object_id=1)"),
    (nothing_leaves_before_the_commit, "app/contests/service/x.py", "from app.core import live"),
    (nothing_leaves_before_the_commit, "app/contests/service/x.py", "import urllib.request"),
    (the_database_has_the_clock, "app/contests/service/x.py", "now = datetime.now(UTC)"),
    (actions_are_named_alike, "app/contests/service/x.py", "record('contest evaluated', by=by)"),
    (actions_are_named_alike, "app/contests/views/x.py", "@allow('contest:read')\ndef x(): ..."),
]


@pytest.mark.parametrize("planted", PLANTED, ids=lambda planted: planted[0].__name__)
def test_a_planted_fault_is_seen(planted: Planted) -> None:
    assert sees(planted)
