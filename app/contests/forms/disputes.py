"""Opening a dispute for a player, adding to its thread, settling it."""

from wtforms import RadioField, StringField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # the stubs are older than the class
from wtforms.validators import DataRequired, Length

from app.contests.forms.deciding import ReasonedDecision, reason_field, required
from app.contests.rules.disputes import OUTCOMES


class DisputeForm(ReasonedDecision):
    player = StringField(
        "Player",
        filters=[lambda text: (text or "").strip()],
        validators=[
            DataRequired("Name the player by wallet or nickname."),
            Length(max=100, message="A wallet has at most 44 characters."),
        ],
    )
    reason = reason_field(*required("Write down what the player says."), label="What the player says")


class PostForm(ReasonedDecision):
    reason = reason_field(*required("Write what you found out."), label="Add to the thread")


class SettleForm(ReasonedDecision):
    outcome = RadioField(
        "Outcome",
        choices=[SelectChoice(outcome, words) for outcome, words in OUTCOMES.items()],
        validators=[DataRequired("Choose one.")],
    )
    reason = reason_field(*required("Say why: the player may be told these words."))
