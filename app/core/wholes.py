"""Larger wholes than one command: what commands commit inside counts once the whole does, in one transaction."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import cast

from flask_sqlalchemy.session import Session as AppSession
from sqlalchemy.orm import Session, SessionTransaction

_WHOLE = "whole"


@dataclass
class Whole:
    """`is_changed` once a command inside has committed."""

    part: SessionTransaction
    is_changed: bool = False
    afterwards: list[Callable[[], None]] = field(default_factory=list)


class OurSession(AppSession):
    """Inside a whole, commit and rollback end one part of it, a savepoint; the transaction goes on."""

    def commit(self) -> None:
        whole = whole_of(self)
        if whole is None:
            super().commit()
            return
        whole.part.commit()
        whole.is_changed = True
        whole.part = self.begin_nested()

    def rollback(self) -> None:
        whole = whole_of(self)
        if whole is None:
            super().rollback()
            return
        whole.part.rollback()
        whole.part = self.begin_nested()


@contextmanager
def one_whole(session: Session) -> Iterator[Whole]:
    """Its parts are committed with what the caller writes last, at the end; an exception undoes them all."""
    whole = session.info[_WHOLE] = Whole(session.begin_nested())
    try:
        yield whole
        whole.part.commit()
        del session.info[_WHOLE]
        session.commit()
    except BaseException:
        session.info.pop(_WHOLE, None)
        session.rollback()
        raise
    for act in whole.afterwards:
        act()


def whole_of(session: Session) -> Whole | None:
    return cast("Whole | None", session.info.get(_WHOLE))


def once_committed(session: Session, act: Callable[[], None]) -> None:
    """Now; inside a whole, when it is committed."""
    whole = whole_of(session)
    if whole is None:
        act()
    else:
        whole.afterwards.append(act)
