"""A click becomes durable: in the database within 300 ms, else on this disk, else not at all."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import cast

import structlog
from flask import Flask, current_app
from psycopg import Error as DatabaseTrouble
from sqlalchemy.exc import SQLAlchemyError

from app.core.errors import Refusal
from app.core.gathering import Gathering, TooLate
from app.core.green import is_green, off_loop
from app.core.metrics import Counter
from app.core.recent import recent
from app.core.windows import Rule, Windows
from app.referrals.intake.replaying import Replayer
from app.referrals.rules.clicks import ATTRIBUTABLE, PER_ADDRESS, PER_CODE_AND_ADDRESS, Clicked
from app.referrals.rules.spooling import to_line
from app.referrals.service.clicks import record_clicks
from app.referrals.service.hash_keys import Keys, matching_keys, noted_keys

log = structlog.get_logger(__name__)
DATABASE_PATIENCE_S = 0.3
DISK_PATIENCE_S = 1.5
KEYS_FRESH_S = 60
KEPT = Counter("clicks_total", "Clicks that were answered, by where they were kept first.", ("where",))
NAME = "click_receiver"


@dataclass
class Flight:
    """A click under way. `wait_s` is None until its limits were looked at, `verdict` until the database judged it."""

    click: Clicked
    wait_s: int | None = None
    verdict: str | None = None

    @property
    def is_attributable(self) -> bool:
        """Whether it may lead to a referral, as far as is known: the disk knows no codes."""
        return self.verdict in ATTRIBUTABLE or (self.verdict is None and self.click.fault is None)


class Receiver:
    """One for each web process. Clicks that come together are written together."""

    def __init__(self, app: Flask) -> None:
        self._app = app
        self._windows = Windows(app.extensions["valkey"])
        self._replayer = Replayer(app)
        self._database: Gathering[Flight, None] = Gathering("clicks to the database", self._write)
        self._disk: Gathering[bytes, None] = Gathering("clicks to the disk", self._keep)
        self._keys: Keys | None = None

    def keys(self) -> Keys:
        """From memory, else as this machine noted them; the database is waited for only when neither has them."""
        if self._keys is None:
            with self._app.app_context():
                try:
                    self._keys = noted_keys()
                except SQLAlchemyError:
                    self._keys = matching_keys()
        return self._keys

    def record(self, click: Clicked) -> Flight:
        """Raises a Refusal, 503, when neither the database nor the disk takes it."""
        flight = Flight(click)
        try:
            if is_green():
                self._database.ask(flight, DATABASE_PATIENCE_S)
            else:
                self._write([flight])
        except (TooLate, SQLAlchemyError, DatabaseTrouble) as error:
            log.info("click goes to the disk", problem=type(error).__name__)
            return self._on_disk(Flight(flight.click, flight.wait_s))
        return flight

    def _write(self, flights: Sequence[Flight]) -> list[None]:
        with self._app.app_context():
            self._limit(flights)
            self._keys = recent("hash keys", matching_keys, fresh_s=KEYS_FRESH_S)
            verdicts = record_clicks([flight.click for flight in flights])
        for flight, verdict in zip(flights, verdicts, strict=True):
            flight.verdict = verdict
        KEPT.add(len(flights), where="database")
        self._replayer.begin()
        return [None] * len(flights)

    def _limit(self, flights: Sequence[Flight]) -> None:
        for flight, wait_s in zip(flights, self._windows.waits_s([_rules(one) for one in flights]), strict=True):
            _note(flight, wait_s)

    def _on_disk(self, flight: Flight) -> Flight:
        if flight.wait_s is None:
            _note(flight, self._windows.wait_here_s(_rules(flight)))
        line = to_line(flight.click)
        try:
            if is_green():
                self._disk.ask(line, DISK_PATIENCE_S)
            else:
                self._keep([line])
        except (TooLate, OSError) as error:
            log.error("click refused", problem=type(error).__name__)
            raise Refusal("The link cannot be followed right now.", "Try again.", status=503, retry_after=2) from error
        KEPT.add(where="disk")
        return flight

    def _keep(self, lines: Sequence[bytes]) -> list[None]:
        off_loop(self._replayer.spool.keep, lines)
        return [None] * len(lines)


def receiver() -> Receiver:
    app: Flask = current_app._get_current_object()  # type: ignore[attr-defined]  # current_app is typed as Flask, and is a proxy
    return cast(Receiver, app.extensions.get(NAME) or app.extensions.setdefault(NAME, Receiver(app)))


def _rules(flight: Flight) -> list[Rule]:
    address = flight.click.hashes.address.hex()
    return [
        Rule(f"clicks:{address}", *PER_ADDRESS),
        Rule(f"clicks:{address}:{flight.click.code}", *PER_CODE_AND_ADDRESS),
    ]


def _note(flight: Flight, wait_s: int) -> None:
    flight.wait_s = wait_s
    if wait_s:
        flight.click = replace(flight.click, fault="over_limit")
