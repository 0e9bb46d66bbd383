"""What an admin types to have a program told."""

from flask_wtf import FlaskForm
from wtforms import SelectMultipleField, StringField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # newer than its type stubs
from wtforms.validators import DataRequired, Length

from app.webhooks.rules.events import EVENTS


def stripped(text: str | None) -> str | None:
    return text.strip() if text else text


class EndpointForm(FlaskForm):
    name = StringField(
        "Who listens", filters=[stripped], validators=[DataRequired("Give it a name."), Length(max=80)],
        description="Such as: contest system. Alerts and the log use this name.",
    )  # fmt: skip
    url = StringField(
        "Address", filters=[stripped], validators=[DataRequired("Type the address."), Length(max=500)],
        render_kw={"autocomplete": "off", "autocapitalize": "none", "spellcheck": "false", "inputmode": "url"},
        description="Such as https://example.org/hooks/duel",
    )  # fmt: skip
    events = SelectMultipleField(
        "Events", choices=[SelectChoice(event, f"{event} – {words}") for event, words in EVENTS.items()],
        validators=[DataRequired("Choose at least one event.")],
        description="Hold Ctrl or ⌘ to choose several.",
    )  # fmt: skip
