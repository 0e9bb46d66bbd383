"""Questions that a lower floor asks of one above it: the one above leaves its answer under a name both know."""

from collections.abc import Callable
from typing import Any

from flask import Flask, current_app

KEPT = "upward"


def answer_with(app: Flask, name: str, answer: Callable[..., Any]) -> None:
    app.extensions.setdefault(KEPT, {})[name] = answer


def answer_of(name: str) -> Callable[..., Any]:
    """KeyError when nobody above answers: a floor is missing."""
    answer: Callable[..., Any] = current_app.extensions[KEPT][name]
    return answer
