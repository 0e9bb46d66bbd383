"""What support writes about a person."""

from flask_wtf import FlaskForm
from wtforms import TextAreaField
from wtforms.validators import DataRequired, Length


def _stripped(text: str | None) -> str:
    return (text or "").strip()


class NoteForm(FlaskForm):  # type: ignore[misc] # Flask-WTF ships no types
    words = TextAreaField(
        "Note",
        filters=[_stripped],
        validators=[DataRequired("Write the note first."), Length(max=2000, message="Write at most 2,000 characters.")],
        render_kw={"rows": 2},
    )
