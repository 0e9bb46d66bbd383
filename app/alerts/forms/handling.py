"""What a person hands in about alerts and silences."""

from flask_wtf import FlaskForm
from wtforms import SelectField, StringField, TextAreaField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # newer than its type stubs
from wtforms.validators import DataRequired, Length

from app.alerts.rules.alerts import SEVERITIES
from app.alerts.rules.matching import Matcher
from app.alerts.rules.services import SERVICES

SPANS = [
    SelectChoice("30", "30 minutes"), SelectChoice("120", "2 hours"), SelectChoice("480", "8 hours"),
    SelectChoice("1440", "1 day"), SelectChoice("10080", "7 days"),
]  # fmt: skip
ALL = SelectChoice("", "all")
SENTENCE = "Write one sentence that a colleague will understand."


def _stripped(text: str | None) -> str:
    return (text or "").strip()


class Acknowledge(FlaskForm):  # type: ignore[misc] # Flask-WTF ships no types
    minutes = SelectField("Fires again after", choices=SPANS, default="30", validators=[DataRequired("Choose a time.")])
    note = StringField(
        "What you do about it", filters=[_stripped], validators=[DataRequired(SENTENCE), Length(max=500)],
        render_kw={"autocomplete": "off"},
    )  # fmt: skip


class Snooze(Acknowledge):
    minutes = SelectField("Quiet for", choices=SPANS, default="30", validators=[DataRequired("Choose a time.")])
    note = StringField(
        "Why it can wait", filters=[_stripped], validators=[DataRequired(SENTENCE), Length(max=500)],
        render_kw={"autocomplete": "off"},
    )  # fmt: skip


class Assign(FlaskForm):  # type: ignore[misc] # as above
    to = SelectField("Whose it is", validators=[DataRequired("Choose somebody.")])


class Resolve(FlaskForm):  # type: ignore[misc] # as above
    reason = StringField(
        "What ended it", filters=[_stripped], validators=[DataRequired(SENTENCE), Length(max=500)],
        render_kw={"autocomplete": "off"},
    )  # fmt: skip


class Note(FlaskForm):  # type: ignore[misc] # as above
    words = TextAreaField(
        "Note", filters=[_stripped], render_kw={"rows": 3},
        validators=[DataRequired("Write the note first."), Length(max=2000, message="At most 2,000 characters.")],
    )  # fmt: skip


class SilenceForm(FlaskForm):  # type: ignore[misc] # as above
    """`sees` is what the preview showed to be hidden; without it the form only previews."""

    service = SelectField("Service", choices=[ALL, *(SelectChoice(one.name, one.label) for one in SERVICES.values())])
    severity = SelectField("Severity", choices=[ALL, *(SelectChoice(one, one) for one in reversed(SEVERITIES))])
    words = StringField(
        "With these words", filters=[_stripped], validators=[Length(max=100)], render_kw={"autocomplete": "off"}
    )
    minutes = SelectField("For", choices=SPANS, default="120", validators=[DataRequired("Choose a time.")])
    reason = StringField(
        "Reason", filters=[_stripped], validators=[DataRequired(SENTENCE), Length(max=500)],
        render_kw={"autocomplete": "off"},
    )  # fmt: skip

    @property
    def matcher(self) -> Matcher:
        """What is no service or severity of ours counts as none: an address may hold anything."""
        service, severity, words = self.service.data, self.severity.data, (self.words.data or "").lower()
        return Matcher(
            service if service in SERVICES else None, severity if severity in SEVERITIES else None, words or None
        )  # fmt: skip
