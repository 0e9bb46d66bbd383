"""Every command of the command line: who may, and for whom it may act. A new one is a decision, made in the table."""

from collections.abc import Callable, Iterator
from pathlib import Path

import click
import pytest
from flask import Flask

from app.core.access import ROLES, roles_with
from app.core.extensions import db
from tests.conftest import app_for_tests, settings_for_tests
from tests.house.command_table import COMMANDS, LOOKS, SERVER
from tests.staff.people import account

GIVEN = {"code": "NOTHING", "file": "pyproject.toml", "lamports": "1", "reference": "r", "reason": "because"}
"""What a command is given for its parameters; numbers are 999."""
FOR_SOMEBODY = sorted(name for name, who in COMMANDS.items() if who not in {SERVER, LOOKS})


def commands(group: click.Group, before: str = "") -> Iterator[tuple[str, click.Command]]:
    for name, command in sorted(group.commands.items()):
        if isinstance(command, click.Group) and name != "db":  # Flask-Migrate's own
            yield from commands(command, f"{before}{name} ")
        else:
            yield f"{before}{name}", command


def test_every_command_is_in_the_table(app: Flask) -> None:
    assert {name for name, _ in commands(app.cli)} == set(COMMANDS)


def test_those_that_act_for_somebody_say_for_whom(app: Flask) -> None:
    found = commands(app.cli)
    asking = {name for name, command in found if any("--as" in one.opts for one in command.params)}
    assert asking == set(FOR_SOMEBODY)


@pytest.fixture(scope="module")
def server(engine_home: Path, new_database: Callable[[], str]) -> Iterator[Flask]:
    """Where commands commit, with an account of each role."""
    app = app_for_tests(settings_for_tests(engine_home, new_database()))
    with app.app_context():
        for role in ROLES:
            account(db.session(), role, name=f"some-{role}")
        db.session.remove()
    yield app
    with app.app_context():
        db.engine.dispose()


@pytest.mark.parametrize("role", sorted(ROLES))
@pytest.mark.parametrize("name", FOR_SOMEBODY)
def test_for_whom_it_acts(server: Flask, name: str, role: str) -> None:
    """Meant to fail without the look at the role: support could propose, hold and deposit."""
    words = [*name.split(), "--as", f"some-{role}", *given(dict(commands(server.cli))[name])]
    done = server.test_cli_runner().invoke(args=words)
    said = done.stdout + done.stderr + repr(done.exception)
    assert ("does not include" in said) is (role not in roles_with(COMMANDS[name])), said


def given(command: click.Command) -> Iterator[str]:
    for one in command.params:
        value = GIVEN.get(one.name or "", "999")
        if isinstance(one, click.Argument):
            yield value
        elif one.name == "reason" or (one.required and "--as" not in one.opts):
            yield from (one.opts[0], value)
