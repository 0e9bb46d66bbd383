"""One JSON line an event on stderr (plain lines in a terminal): with the request's id, without secrets or addresses."""

import logging
import re
import sys
import time
from collections.abc import Mapping, MutableMapping
from contextvars import ContextVar
from functools import lru_cache
from threading import Lock
from typing import Any

import structlog

from app.config import Config

SECRETS = re.compile(
    r"password|passwd|secret|token|cookie|authorization|csrf|credential|api_?key|private_key|signer_key|recovery|\bsid\b",
    re.IGNORECASE,
)
SPOKEN = re.compile(
    r"dd_[0-9a-f]{8}_[A-Za-z0-9_-]{43}"  # a key of ours
    r"|(?<=earer )\S{8,}"
    r"|(?<=://)[^\s/@:]*:[^\s/@]+(?=@)"  # user and password in an address
    r"|\$argon2id\$\S+"
    r"|(?<=/welcome/)[A-Za-z0-9_-]{20,}"
    r"|(?<=/wall/)\d+-[A-Za-z0-9_-]{20,}"  # the link of a screen
    r"|whsec_[A-Za-z0-9+/=_-]{8,}"  # what signs webhooks
)
"""Secrets that somebody's text may hold, such as that of an error."""
ADDRESS = re.compile(
    r"\b\d{1,3}(?:\.\d{1,3}){3}\b"
    r"|(?<![\w:])(?=[0-9a-fA-F:]*::|(?:[0-9a-fA-F]{1,4}:){7})[0-9a-fA-F:]{2,39}(?![\w:])"
)

_request_id: ContextVar[str | None] = ContextVar("request_id", default=None)
_began: ContextVar[float] = ContextVar("began", default=0.0)


def request_id() -> str | None:
    """The id of the request being answered, also written to audit rows; None outside of requests."""
    return _request_id.get()


def enter_request(identifier: str) -> None:
    _request_id.set(identifier)
    _began.set(time.monotonic())


def took_ms() -> float:
    """How long the request has been answered so far."""
    return round((time.monotonic() - _began.get()) * 1000, 1)


class Lines:
    """Where our own loggers write: each line whole, to whatever `sys.stderr` is at that moment."""

    _turn = Lock()

    def __init__(self, name: str = "app") -> None:
        self.name = name

    def write(self, line: str) -> None:
        with self._turn:
            sys.stderr.write(line + "\n")
            sys.stderr.flush()

    debug = info = warning = error = critical = exception = write


def register(settings: Config) -> None:
    """Structlog and the standard library's logging write alike; may be called again."""
    shared: list[structlog.typing.Processor] = [
        structlog.processors.format_exc_info,
        scrub,
        _add_request_id,  # this and what follows are our own words
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
    ]
    is_terminal = sys.stderr.isatty()
    last = structlog.dev.ConsoleRenderer(colors=is_terminal) if is_terminal else structlog.processors.JSONRenderer()
    level = settings.log_level.upper()
    structlog.configure(
        processors=[*shared, last],
        logger_factory=Lines,
        wrapper_class=structlog.make_filtering_bound_logger(logging.getLevelName(level)),
        cache_logger_on_first_use=False,
    )
    handler = OurHandler()
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=shared,
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, last],
        )
    )
    root = logging.getLogger()
    root.handlers = [handler, *(other for other in root.handlers if not isinstance(other, OurHandler))]
    root.setLevel(level)
    logging.getLogger("alembic").setLevel(logging.WARNING)  # it tells every look at a revision


class OurHandler(logging.StreamHandler[Any]):
    """Writes what libraries log to whatever `sys.stderr` is at that moment."""

    def __init__(self) -> None:
        logging.Handler.__init__(self)

    @property
    def stream(self) -> Any:
        return sys.stderr


def scrub(_logger: Any, _method: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """Hides values under secret-looking names, and secrets and network addresses wherever they stand."""
    return {name: "(hidden)" if _is_secret(name) else _shown(value) for name, value in event.items()}


@lru_cache(maxsize=1000)
def _is_secret(name: str) -> bool:
    """Names are few and each comes in every line."""
    return SECRETS.search(name) is not None


def _shown(value: Any) -> Any:
    if isinstance(value, str):
        return ADDRESS.sub("(address)", SPOKEN.sub("(hidden)", value))
    if isinstance(value, Mapping):
        return {name: "(hidden)" if _is_secret(str(name)) else _shown(one) for name, one in value.items()}
    if isinstance(value, list | tuple | set):
        return [_shown(one) for one in value]
    return value


def _add_request_id(_logger: Any, _method: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    identifier = request_id()
    if identifier is not None:
        event.setdefault("request_id", identifier)
    return event
