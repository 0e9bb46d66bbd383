"""What an admin types about API clients."""

from flask_wtf import FlaskForm
from wtforms import IntegerField, SelectField, SelectMultipleField, StringField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # newer than its type stubs
from wtforms.validators import DataRequired, InputRequired, Length, NumberRange, Optional

from app.core.clients import SCOPES
from app.staff.rules import OVERLAPS

MOST_DAYS = 3650


def stripped(text: str | None) -> str | None:
    return text.strip() if text else text


def days_field(meaning: str) -> IntegerField:
    return IntegerField(
        "Lasts days", validators=[Optional(), NumberRange(1, MOST_DAYS, f"From 1 to {MOST_DAYS} days.")],
        description=meaning, render_kw={"inputmode": "numeric"},
    )  # fmt: skip


class ClientForm(FlaskForm):  # type: ignore[misc] # Flask-WTF ships no types
    name = StringField(
        "Name", filters=[stripped], validators=[DataRequired("Give it a name."), Length(max=32)],
        render_kw={"autocomplete": "off", "autocapitalize": "none", "spellcheck": "false"},
        description="As the audit log shows it, such as contest-system.",
    )  # fmt: skip
    scopes = SelectMultipleField(
        "Scopes", choices=[SelectChoice(scope, f"{scope} – {words}") for scope, words in SCOPES.items()],
        validators=[DataRequired("Choose at least one scope.")], description="Hold Ctrl or ⌘ to choose several.",
    )  # fmt: skip
    sources = StringField(
        "Sources", filters=[stripped], validators=[Length(max=500)], render_kw={"autocomplete": "off"},
        description="Whose prices it may tell, with commas between; * for anybody's. Left empty: its own name.",
    )  # fmt: skip
    days = days_field("Left empty, its key lasts until it is revoked.")

    @property
    def source_names(self) -> list[str]:
        return [name for name in (part.strip() for part in (self.sources.data or "").split(",")) if name]


class RotateForm(FlaskForm):  # type: ignore[misc] # as above
    overlap = SelectField(
        "The old key works on", choices=[SelectChoice(str(hours), words) for hours, words in OVERLAPS.items()],
        validators=[InputRequired("Choose how long the old key works on.")],
    )  # fmt: skip
    days = days_field("Left empty, it ends when the old one would.")


class RevokeForm(FlaskForm):  # type: ignore[misc] # as above
    reason = StringField(
        "Reason", filters=[stripped], validators=[DataRequired("Say why."), Length(max=500)],
        description="One sentence for the audit log.",
    )  # fmt: skip
