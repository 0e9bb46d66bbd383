"""What somebody is told who gave a wrong password or code, or gave too many."""

from app.audit import service as audit
from app.audit.rules import Actor
from app.core.errors import Refusal
from app.core.extensions import db
from app.staff.service.guesses import Guesser, count_guess

AT_THE_DOOR = Actor("system", "sign_in", "Sign-in")


class SignInRefused(Refusal):
    """A form to be shown again. `field` is the one to correct."""

    def __init__(self, what: str, fix: str = "", *, field: str = "password", retry_after: int | None = None) -> None:
        super().__init__(what, fix, status=422 if retry_after is None else 429, retry_after=retry_after)
        self.field = field


def take_turn(who: Guesser, *, field: str, guessed: str = "passwords") -> None:
    """Counts one guess, and refuses it unseen while its guesser has to wait."""
    wait = count_guess(who)
    if wait:
        again = f"Try again in {_in_words(wait)}."
        raise SignInRefused(f"Too many wrong {guessed}.", again, field=field, retry_after=wait)


def note_refusal(account_id: int, reason: str) -> None:
    audit.record("staff:session:refuse", object_type="account", object_id=account_id, by=AT_THE_DOOR, reason=reason)
    db.session.commit()


def _in_words(seconds: int) -> str:
    if seconds < 60:
        return f"{seconds} second{'' if seconds == 1 else 's'}"
    minutes = -(-seconds // 60)
    return f"{minutes} minute{'' if minutes == 1 else 's'}"
