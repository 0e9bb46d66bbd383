"""What a reviewer hands in. Hidden fields carry what the page showed."""

from datetime import datetime

from flask_wtf import FlaskForm
from wtforms import HiddenField, IntegerField, RadioField, StringField, TextAreaField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # newer than its type stubs
from wtforms.validators import AnyOf, DataRequired, InputRequired, Length, Optional, Regexp
from wtforms.widgets import HiddenInput

INCOMPLETE = "Reload the page: the form is incomplete."
KINDS = (("reject", "Reject"), ("ask", "Ask for information"), ("quarantine", "Quarantine"), ("stop", "Stop a token"))


def _stripped(text: str | None) -> str:
    return (text or "").strip()


class Review(FlaskForm):  # type: ignore[misc] # Flask-WTF ships no types
    """`seen` is the submission in words as the page showed it; the button that was pressed names the reason."""

    version = IntegerField(widget=HiddenInput(), validators=[InputRequired(INCOMPLETE)])
    key = HiddenField(validators=[InputRequired(INCOMPLETE), Length(min=16, max=64)])
    seen = HiddenField(validators=[Length(max=300)])
    opened = HiddenField(validators=[Length(max=40)])
    turbo = HiddenField(validators=[Length(max=3)])
    words = TextAreaField(
        "Your own words",
        filters=[_stripped],
        validators=[Optional(), Length(max=2000, message="Write at most 2,000 characters.")],
        render_kw={"rows": 2},
    )
    reason = StringField("Reason", validators=[Length(max=40)])
    ending = StringField("How the mint ends", filters=[_stripped], validators=[Length(max=50)])
    hours = IntegerField("Hours", validators=[Optional()])

    @property
    def seen_version(self) -> int:
        return self.version.data or 0

    @property
    def seen_key(self) -> str:
        return self.key.data or ""

    @property
    def opened_at(self) -> datetime | None:
        try:
            return datetime.fromisoformat(self.opened.data or "")
        except ValueError:
            return None


class Version(FlaskForm):  # type: ignore[misc] # as above
    version = IntegerField(widget=HiddenInput(), validators=[InputRequired(INCOMPLETE)])

    @property
    def seen_version(self) -> int:
        return self.version.data or 0


class Look(FlaskForm):  # type: ignore[misc] # as above
    decision = IntegerField(widget=HiddenInput(), validators=[InputRequired(INCOMPLETE)])
    verdict = StringField(validators=[AnyOf(("approve", "reject"))])

    @property
    def seen_decision(self) -> int:
        return self.decision.data or 0


class Claim(FlaskForm):  # type: ignore[misc] # as above
    """`holder` is the id of whom the page showed as holder, `-` for nobody."""

    holder = HiddenField(validators=[InputRequired(INCOMPLETE), Length(max=100)])

    @property
    def seen_holder(self) -> str:
        return "" if self.holder.data == "-" else str(self.holder.data)


class NoteForm(FlaskForm):  # type: ignore[misc] # as above
    words = TextAreaField(
        "Note",
        filters=[_stripped],
        validators=[DataRequired("Write the note first."), Length(max=2000, message="Write at most 2,000 characters.")],
        render_kw={"rows": 2},
    )


class ReasonForm(FlaskForm):  # type: ignore[misc] # as above
    kind = RadioField(
        "Used to",
        choices=[SelectChoice(kind, words) for kind, words in KINDS],
        validators=[DataRequired("Choose what it is used for.")],
    )
    code = StringField(
        "Code",
        filters=[_stripped],
        validators=[Regexp("^[a-z][a-z0-9_]{2,39}$", message="3 to 40 of a–z, 0–9 and _, beginning with a letter.")],
    )
    words = TextAreaField(
        "What the submitter is told",
        filters=[_stripped],
        validators=[Length(min=10, max=500, message="Write 10 to 500 characters.")],
        render_kw={"rows": 2},
    )
