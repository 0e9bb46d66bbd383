"""What browsers may say over a socket, as whom. Every event stands here once, as endpoints do in the access table."""

import pytest
from flask import Flask

from app.core.access import roles_with
from app.core.events import EVENTS
from app.core.extensions import sockets
from tests.house.access_table import READERS, SIGNED_IN

TABLE = dict.fromkeys(("here", "reviewing"), READERS)
TABLE |= dict.fromkeys(("join", "leave", "painted", "sync", "watch"), SIGNED_IN)
TABLE |= {"report": SIGNED_IN - {"support"}}
OF_THE_PROTOCOL = {"connect", "disconnect", "*"}
"""`*` ends the socket of who says anything else."""


def test_every_event_is_in_the_table(app: Flask) -> None:
    assert set(EVENTS) == set(TABLE)


def test_no_handler_went_around_the_registry(app: Flask) -> None:
    assert set(sockets.server.handlers) == {"/"}
    assert set(sockets.server.handlers["/"]) == set(TABLE) | OF_THE_PROTOCOL


@pytest.mark.parametrize("name", sorted(TABLE))
def test_who_may_say_it(app: Flask, name: str) -> None:
    assert set(roles_with(EVENTS[name].permission)) == TABLE[name]
