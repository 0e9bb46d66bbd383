"""What a person hands in to decide about a contest. Hidden fields carry what the page showed."""

from collections.abc import Callable
from typing import Any

from flask_wtf import FlaskForm
from wtforms import HiddenField, IntegerField, TextAreaField
from wtforms.validators import DataRequired, InputRequired, Length, Optional
from wtforms.widgets import HiddenInput

LONGEST_REASON = 2000


def reason_field(*validators: Callable[..., Any]) -> TextAreaField:
    return TextAreaField("Reason", filters=[_stripped], validators=validators, render_kw={"rows": 3})


def _stripped(text: str | None) -> str:
    return (text or "").strip()


class Decision(FlaskForm):  # type: ignore[misc] # Flask-WTF ships no types
    """`version` is that of the thing decided about and `seen` its state in words, as when the form was opened."""

    version = IntegerField(widget=HiddenInput(), validators=[InputRequired("Reload the page: the form is incomplete.")])
    seen = HiddenField(validators=[Length(max=200)])
    reason = reason_field(Optional(), Length(max=LONGEST_REASON, message="Write at most 2,000 characters."))

    @property
    def seen_version(self) -> int:
        return self.version.data or 0

    @property
    def words(self) -> str:
        return self.reason.data or ""


class ReasonedDecision(Decision):
    reason = reason_field(
        DataRequired("Write one sentence that a colleague will understand."),
        Length(max=LONGEST_REASON, message="Write at most 2,000 characters."),
    )
