"""What somebody hands in to stop a token or to let it be traded again."""

from collections.abc import Sequence

from flask_wtf import FlaskForm
from wtforms import HiddenField, SelectField, StringField, TextAreaField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # newer than its type stubs
from wtforms.validators import InputRequired, Length, Optional

from app.whitelist.forms.reviewing import INCOMPLETE
from app.whitelist.queries.reasons import Reason


def _stripped(text: str | None) -> str:
    return (text or "").strip()


class OrderForm(FlaskForm):  # type: ignore[misc] # Flask-WTF ships no types
    """`seen` is the token's state as the page showed it; to delist takes its symbol, typed."""

    seen = HiddenField(validators=[InputRequired(INCOMPLETE), Length(max=20)])
    key = HiddenField(validators=[InputRequired(INCOMPLETE), Length(min=16, max=64)])
    reason = SelectField("Reason", choices=[], validate_choice=False)
    words = TextAreaField(
        "Your own words",
        filters=[_stripped],
        validators=[Optional(), Length(max=2000, message="Write at most 2,000 characters.")],
        render_kw={"rows": 2},
    )
    typed = StringField("Its symbol, to delist it", filters=[_stripped], validators=[Length(max=64)])

    def offer(self, reasons: Sequence[Reason], state: str) -> None:
        """To stop a token takes a reason; of a stopped one, only delisting it does."""
        if state == "active":
            self.reason.flags.required = True
        else:
            self.reason.label.text = "Reason, to delist it"
        self.reason.choices = [
            SelectChoice("", "Choose a reason"),
            *(SelectChoice(one.code, one.words) for one in reasons),
        ]
