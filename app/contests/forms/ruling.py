"""Proposing what a second person has to confirm."""

from wtforms import RadioField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # the stubs are older than the class
from wtforms.validators import DataRequired, Length

from app.contests.forms.deciding import LONGEST_REASON, ReasonedDecision, reason_field
from app.contests.rules.rulings import KINDS, SHORTEST_REASON


class RulingForm(ReasonedDecision):
    kind = RadioField(
        "Way out",
        choices=[SelectChoice(kind, words) for kind, words in KINDS.items()],
        validators=[DataRequired("Choose one.")],
    )
    reason = reason_field(
        DataRequired("Say why: whoever confirms it reads these words."),
        Length(min=SHORTEST_REASON, message=f"Write at least {SHORTEST_REASON} characters."),
        Length(max=LONGEST_REASON, message="Write at most 2,000 characters."),
    )

    def offer(self, kinds: tuple[str, ...]) -> None:
        """Leaves only these to choose from; a single one is chosen."""
        self.kind.choices = [SelectChoice(kind, KINDS[kind]) for kind in kinds]
        if len(kinds) == 1 and not self.kind.data:
            self.kind.data = kinds[0]
