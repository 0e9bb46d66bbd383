"""The decorators, the table of roles, and a start that refuses unlisted routes."""

import pytest
from flask import Flask

from app.core import access
from app.core.access import allow, holds, permission_of, public, roles_with


@pytest.mark.parametrize(
    ("role", "permission", "held"),
    [
        ("admin", "contests:tie:resolve", True),
        ("admin", "staff:account:disable", True),
        ("support", "contests:contest:read", True),
        ("support", "contests:tie:resolve", False),
        ("support", "staff:account:read", False),
        ("support", "audit:log:read", False),
        ("support", "staff:own_session:end", True),
        ("wall", "contests:contest:read", False),
        ("wall", "staff:own_account:read", True),
        ("nobody", "contests:contest:read", False),
    ],
)
def test_roles(role: str, permission: str, held: bool) -> None:
    assert holds(role, permission) is held


def test_who_may_is_told() -> None:
    assert roles_with("contests:contest:read") == ["admin", "support"]


def test_a_view_says_what_it_asks_for() -> None:
    assert permission_of(allow("contests:tie:resolve")(lambda: "")) == "contests:tie:resolve"
    assert permission_of(public(lambda: "")) == "public"
    assert permission_of(lambda: "") is None


def test_an_unlisted_route_keeps_the_app_from_starting() -> None:
    app = Flask("app")
    app.add_url_rule("/quiet", endpoint="quiet", view_func=lambda: "")
    with pytest.raises(access.Unlisted, match="Nobody said who may use quiet"):
        access.register(app)


def test_a_decorator_above_its_route_keeps_the_app_from_starting() -> None:
    app = Flask("app")

    @app.get("/copy")
    def view() -> str:
        return ""

    app.view_functions["view"] = lambda: ""
    allow("contests:contest:read")(view)
    with pytest.raises(access.Unlisted, match="directly under the route"):
        access.register(app)


def test_the_door_stands_before_everything_that_answers(app: Flask) -> None:
    names = [function.__name__ for function in app.before_request_funcs[None]]
    assert names[:3] == ["begin", "door", "csrf_protect"]
