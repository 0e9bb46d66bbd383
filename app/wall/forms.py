"""What an admin chooses for a screen."""

from decimal import Decimal
from typing import Any

from flask_wtf import FlaskForm
from wtforms import DecimalField, IntegerField, RadioField, StringField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # newer than its type stubs
from wtforms.validators import DataRequired, InputRequired, Length, NumberRange, ValidationError

from app.wall.queries.screens import ScreenLine
from app.wall.rules.boards import BOARDS, Setting
from app.wall.rules.sight import ORIENTATIONS, PANELS, THEMES

CM = Decimal(100)


def stripped(text: str | None) -> str | None:
    return " ".join(text.split()) if text else text


def _choices(words: tuple[str, ...]) -> list[SelectChoice]:
    return [SelectChoice(word, word) for word in words]


class ScreenForm(FlaskForm):
    name = StringField(
        "Name", filters=[stripped], validators=[DataRequired("Give it a name."), Length(max=40)],
        render_kw={"autocomplete": "off"}, description="Where it hangs, such as: office, north wall.",
    )  # fmt: skip
    boards = StringField(
        "Playlist", filters=[stripped], validators=[DataRequired("Name at least one board.")],
        render_kw={"autocomplete": "off", "spellcheck": "false"}, default="market",
        description=f"Boards in their order, each for 30 s: {', '.join(BOARDS)}.",
    )  # fmt: skip
    diagonal = IntegerField(
        "Diagonal in inches", default=55, description="As the screen is sold.",
        validators=[InputRequired("Type the diagonal."), NumberRange(5, 200, "A screen has 5 to 200 inches.")],
    )  # fmt: skip
    distance = DecimalField(
        "Distance in metres", default=Decimal(5), places=1, description="From where people read it.",
        validators=[InputRequired("Type the distance."), NumberRange(Decimal("0.3"), 30, "It is 0.3 to 30 m.")],
    )  # fmt: skip
    orientation = RadioField("Orientation", choices=_choices(ORIENTATIONS), default=ORIENTATIONS[0])
    theme = RadioField("Colours", choices=_choices(THEMES), default=THEMES[0])
    panel = RadioField("Panel", choices=_choices(PANELS), default=PANELS[0])

    def validate_boards(self, _field: Any) -> None:
        named = self.playlist
        strangers = [name for name in named if name not in BOARDS]
        if strangers:
            raise ValidationError(f"There is no board {strangers[0]}. There are: {', '.join(BOARDS)}.")
        if len(set(named)) < len(named):
            raise ValidationError("Name each board once.")

    @property
    def playlist(self) -> list[str]:
        return (self.boards.data or "").replace(",", " ").lower().split()

    @property
    def setting(self) -> Setting:
        distance = self.distance.data or Decimal(0)
        return Setting(
            name=self.name.data or "", boards=self.playlist, diagonal_inches=self.diagonal.data or 0,
            distance_cm=int(distance * CM), orientation=self.orientation.data, theme=self.theme.data,
            panel=self.panel.data,
        )  # fmt: skip


def form_of(screen: ScreenLine) -> ScreenForm:
    """Filled with how the screen is set."""
    return ScreenForm(
        name=screen.name, boards=", ".join(screen.boards), diagonal=screen.diagonal_inches,
        distance=Decimal(screen.distance_cm) / CM, orientation=screen.orientation, theme=screen.theme,
        panel=screen.panel,
    )  # fmt: skip
