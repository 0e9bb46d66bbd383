"""What a person hands in to force or release the breaker."""

from flask_wtf import FlaskForm
from wtforms import HiddenField, RadioField, SelectField, TextAreaField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # newer than its type stubs
from wtforms.validators import DataRequired, Length

STATES = [
    SelectChoice("open", "Open: nothing starts, nothing is evaluated"),
    SelectChoice("closed", "Closed: contests go on, whatever the feed does"),
]
SPANS = [
    SelectChoice("5", "5 minutes"), SelectChoice("15", "15 minutes"), SelectChoice("60", "1 hour"),
    SelectChoice("240", "4 hours"),
]  # fmt: skip


def _stripped(text: str | None) -> str:
    return (text or "").strip()


class Release(FlaskForm):
    """`seen` is what the page showed when the form was opened."""

    seen = HiddenField(validators=[Length(max=200)])
    reason = TextAreaField(
        "Reason", filters=[_stripped], render_kw={"rows": 3},
        validators=[
            DataRequired("Write one sentence that a colleague will understand."),
            Length(max=500, message="Write at most 500 characters."),
        ],
    )  # fmt: skip


class Force(Release):
    state = RadioField("State", choices=STATES, validators=[DataRequired("Choose a state.")])
    minutes = SelectField("For", choices=SPANS, default="15", validators=[DataRequired("Choose how long.")])
