"""The domains, lowest floor first, and how each joins the application."""

from collections.abc import Callable
from importlib import import_module
from importlib.util import find_spec
from typing import Any

from flask import Flask

FLOORS = ("audit", "staff", "alerts", "webhooks", "market", "whitelist", "contests", "payouts", "referrals", "overview")

Step = Callable[[], bool]


def register(app: Flask) -> None:
    """Registers each domain's pages (`views.bp`), JSON (`api.bp`) and command group (`cli.group`) where it has them.

    What its open pages may ask registers itself (`live`).
    Leaves the worker's steps where core finds them without knowing a domain.
    """
    app.extensions["steps"] = steps
    app.extensions["watched"] = gathered
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
    return gathered("STEPS")


def gathered(kind: str) -> tuple[Callable[..., Any], ...]:
    """What the `jobs` of each domain list under this name: STEPS, RULES of alerts, MEASURES of promises, CACHES."""
    rooms = [f"app.{domain}.jobs" for domain in FLOORS]
    return tuple(one for name in rooms if find_spec(name) for one in getattr(import_module(name), kind, ()))
