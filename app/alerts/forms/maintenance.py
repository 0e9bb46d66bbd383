"""What an admin types to announce work."""

from flask_wtf import FlaskForm
from wtforms import DateTimeLocalField, SelectField, SelectMultipleField, StringField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # newer than its type stubs
from wtforms.validators import DataRequired, Length, Optional

from app.alerts.rules.services import PAUSABLE, SERVICES

SPANS = [
    SelectChoice("15", "15 minutes"), SelectChoice("60", "1 hour"), SelectChoice("240", "4 hours"),
    SelectChoice("1440", "1 day"),
]  # fmt: skip


class MaintenanceForm(FlaskForm):  # type: ignore[misc] # Flask-WTF ships no types
    pauses = SelectMultipleField(
        "Pauses", choices=[SelectChoice(name, SERVICES[name].label) for name in PAUSABLE],
        validators=[DataRequired("Choose at least one service.")], description="Hold Ctrl or ⌘ to choose several.",
    )  # fmt: skip
    starts = DateTimeLocalField("Begins, UTC", validators=[Optional()], description="Empty: now.")
    minutes = SelectField("For", choices=SPANS, default="60", validators=[DataRequired("Choose a time.")])
    why = StringField(
        "Reason", filters=[lambda text: (text or "").strip()], render_kw={"autocomplete": "off"},
        validators=[DataRequired("Write one sentence that a colleague will understand."), Length(max=500)],
    )  # fmt: skip
