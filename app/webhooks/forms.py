"""What an admin types to have a program told."""

from flask_wtf import FlaskForm
from wtforms import SelectField, SelectMultipleField, StringField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # newer than its type stubs
from wtforms.validators import DataRequired, Length

from app.webhooks.rules.events import EVENTS, KINDS, SEVERITIES


def stripped(text: str | None) -> str | None:
    return text.strip() if text else text


class EndpointForm(FlaskForm):
    name = StringField(
        "Who listens", filters=[stripped], validators=[DataRequired("Give it a name."), Length(max=80)],
        description="Such as: contest system. Alerts and the log use this name.",
    )  # fmt: skip
    kind = SelectField(
        "Who that is", choices=[SelectChoice(kind, words) for kind, words in KINDS.items()], default="webhook",
        validators=[DataRequired("Choose who that is.")],
    )  # fmt: skip
    url = StringField(
        "Address", filters=[stripped], validators=[DataRequired("Type the address."), Length(max=500)],
        render_kw={"autocomplete": "off", "autocapitalize": "none", "spellcheck": "false", "inputmode": "url"},
        description="Such as https://example.org/hooks/duel, the address of a chat's webhook, or ops@example.org",
    )  # fmt: skip
    events = SelectMultipleField(
        "Events", choices=[SelectChoice(event, f"{event} – {words}") for event, words in EVENTS.items()],
        description="Of a program, which hears of every event if you choose none; people hear of alerts. "
        "Hold Ctrl or ⌘ to choose several.",
    )  # fmt: skip
    least_severity = SelectField(
        "Alerts from", choices=[SelectChoice(one, one) for one in SEVERITIES], default="warning",
        validators=[DataRequired("Choose how bad.")],
        description="Those that are less bad are not told there.",
    )  # fmt: skip
