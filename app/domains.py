"""The domains, lowest floor first, and how each joins the application."""

from collections.abc import Callable
from importlib import import_module
from importlib.util import find_spec

from flask import Flask

FLOORS = (
    "audit", "staff", "alerts", "webhooks", "market", "whitelist", "contests", "payouts", "referrals", "overview",
    "wall",
)  # fmt: skip

Step = Callable[[], bool]


def register(app: Flask) -> None:
    """Registers each domain's pages (`views.bp`), JSON (`api.bp`) and command group (`cli.group`) where it has them.

    What its open pages may ask registers itself (`live`).
    Leaves the worker's steps where core finds them without knowing a domain.
    """
    app.extensions["steps"] = steps
    for domain in FLOORS:
        for module, thing in (("models", None), ("views", "bp"), ("api", "bp"), ("cli", "group"), ("live", None)):
            name = f"app.{domain}.{module}"
            if find_spec(name) is None:
                continue
            room = import_module(name)
            if thing == "bp":
                app.register_blueprint(room.bp)
            elif thing == "group":
                app.cli.add_command(room.group)


def steps() -> tuple[Step, ...]:
    """What the worker does, lowest floor first: the `jobs.STEPS` of each domain that has them."""
    rooms = [f"app.{domain}.jobs" for domain in FLOORS]
    return tuple(step for name in rooms if find_spec(name) for step in import_module(name).STEPS)
