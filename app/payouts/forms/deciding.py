"""What a person hands in to decide about money. Hidden fields carry what the page showed, and a key of its own."""

from uuid import uuid4

from flask_wtf import FlaskForm
from wtforms import HiddenField, IntegerField, StringField, TextAreaField
from wtforms.validators import DataRequired, InputRequired, Length, Regexp
from wtforms.widgets import HiddenInput

INCOMPLETE = "Reload the page: the form is incomplete."
TOO_LONG = "Write at most 2,000 characters."


def _stripped(text: str | None) -> str:
    return (text or "").strip()


class Keyed(FlaskForm):  # type: ignore[misc] # Flask-WTF ships no types
    """`key` makes one form one command, however often it is sent; `seen` is what the page said, in words."""

    key = HiddenField(validators=[Regexp("^[0-9a-f]{32}$", message=INCOMPLETE)])
    seen = HiddenField(validators=[Length(max=200)])

    def renew(self, seen: str) -> None:
        """For the next sending: a key that was not used, and the page as it is now."""
        self.key.data, self.seen.data = uuid4().hex, seen


class Proposal(Keyed):
    lamports = IntegerField(widget=HiddenInput(), validators=[InputRequired(INCOMPLETE)])


class Approval(Keyed):
    list_hash = HiddenField(validators=[Regexp("^[0-9a-f]{64}$", message=INCOMPLETE)])


class Versioned(Keyed):
    version = IntegerField(widget=HiddenInput(), validators=[InputRequired(INCOMPLETE)])


class Reasoned(Versioned):
    reason = TextAreaField(
        "Reason",
        filters=[_stripped],
        validators=[
            DataRequired("Write one sentence that a colleague will understand."),
            Length(max=2000, message=TOO_LONG),
        ],
        render_kw={"rows": 3},
    )

    @property
    def words(self) -> str:
        return self.reason.data or ""


class Readdressing(Reasoned):
    wallet = StringField(
        "Other wallet",
        filters=[_stripped],
        validators=[DataRequired("Paste the address from the player's proof."), Length(max=44)],
        render_kw={"autocomplete": "off", "spellcheck": "false"},
    )


class Explanation(Keyed):
    reason = TextAreaField(
        "What explains the difference",
        filters=[_stripped],
        validators=[
            DataRequired("Explain the difference in 20 characters or more."),
            Length(min=20, max=2000, message="Explain the difference in 20 to 2,000 characters."),
        ],
        render_kw={"rows": 3},
    )


class Agreement(Keyed):
    """The second of two people says yes; there is nothing to type."""
