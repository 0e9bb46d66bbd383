"""What a reviewer hands in to decide about many submissions at once."""

import re
from collections.abc import Sequence

from flask_wtf import FlaskForm
from wtforms import HiddenField, SelectField, SelectMultipleField, StringField, TextAreaField
from wtforms.validators import AnyOf, InputRequired, Length, Optional

from app.whitelist.forms.reviewing import INCOMPLETE, KINDS
from app.whitelist.queries.reasons import Reason

IN_BULK = ("approve", "reject", "quarantine")
PICKED = re.compile(r"([0-9]{1,18})\.([0-9]{1,9})")


def _stripped(text: str | None) -> str:
    return (text or "").strip()


class BulkForm(FlaskForm):  # type: ignore[misc] # Flask-WTF ships no types
    """Each of `picked` is a submission's number and the version that the page showed; the button names the kind."""

    key = HiddenField(validators=[InputRequired(INCOMPLETE), Length(min=16, max=40)])
    picked = SelectMultipleField("Submissions", choices=[], validate_choice=False)
    kind = StringField("Decision", validators=[AnyOf(IN_BULK, message=INCOMPLETE)])
    reason = SelectField("Reason", choices=[], validate_choice=False)
    words = TextAreaField(
        "Your own words",
        filters=[_stripped],
        validators=[Optional(), Length(max=2000, message="Write at most 2,000 characters.")],
        render_kw={"rows": 2},
    )

    def offer(self, reasons: Sequence[Reason]) -> None:
        self.reason.choices = {"": [("", "Choose a reason")]} | {
            words: [(one.code, one.words) for one in reasons if one.kind == kind]
            for kind, words in KINDS
            if kind in IN_BULK
        }

    @property
    def versions(self) -> dict[int, int]:
        """By submission; what is no pick is none."""
        found = [PICKED.fullmatch(pick) for pick in self.picked.data or ()]
        return {int(pick[1]): int(pick[2]) for pick in found if pick}
