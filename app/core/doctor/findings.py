"""One answer of the doctor."""

from dataclasses import dataclass
from typing import Literal

State = Literal["ok", "warn", "fail"]


@dataclass(frozen=True)
class Finding:
    state: State
    what: str
    value: str
    fix: str = ""


def ok(what: str, value: object) -> Finding:
    return Finding("ok", what, str(value))


def warn(what: str, value: object, fix: str) -> Finding:
    return Finding("warn", what, str(value), fix)


def fail(what: str, value: object, fix: str) -> Finding:
    return Finding("fail", what, str(value), fix)
