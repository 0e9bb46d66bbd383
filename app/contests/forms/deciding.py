"""What a person hands in to decide about a contest. Hidden fields carry what the page showed."""

from collections.abc import Callable, Sequence
from typing import Any

from flask_wtf import FlaskForm
from wtforms import HiddenField, IntegerField, TextAreaField
from wtforms.validators import DataRequired, InputRequired, Length, Optional
from wtforms.widgets import HiddenInput

LONGEST_REASON = 2000


class ReasonField(TextAreaField):
    """One's own words, a saved reason chosen beside them, or both: the page sends both under the same name."""

    offered: Sequence[str] = ()

    def process_formdata(self, valuelist: Sequence[str]) -> None:
        if valuelist:
            self.data = "\n".join(filter(None, (text.strip() for text in valuelist)))


def reason_field(*validators: Callable[..., Any], label: str = "Reason") -> ReasonField:
    return ReasonField(label, filters=[_stripped], validators=validators, render_kw={"rows": 3})


def _stripped(text: str | None) -> str:
    return (text or "").strip()


def required(words: str) -> tuple[Callable[..., Any], ...]:
    return DataRequired(words), Length(max=LONGEST_REASON, message="Write at most 2,000 characters.")


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
    reason = reason_field(*required("Write one sentence that a colleague will understand."))
