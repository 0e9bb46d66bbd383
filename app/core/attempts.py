"""Trying a command for a page that wants to show the refusal itself."""

from collections.abc import Callable
from typing import TypeVar

from app.core.errors import Refusal
from app.core.extensions import db

Done = TypeVar("Done")
SHOWN = (409, 422)
"""What the page can show beside its form; anything else is an error page."""


def attempt(command: Callable[[], Done]) -> Done | Refusal:
    """The command's result or its refusal; what a refused one had begun is undone."""
    try:
        return command()
    except Refusal as refusal:
        db.session.rollback()
        if refusal.status not in SHOWN:
            raise
        return refusal
