"""A note on a contest, a reason to save, an errand to leave, and claiming a contest."""

from flask_wtf import FlaskForm
from wtforms import HiddenField
from wtforms.validators import DataRequired, InputRequired, Length

from app.contests.forms.deciding import reason_field, required


class NoteForm(FlaskForm):  # type: ignore[misc] # Flask-WTF ships no types
    words = reason_field(*required("Write the note first."), label="Note")


class SavedReasonForm(FlaskForm):  # type: ignore[misc] # as above
    words = reason_field(
        DataRequired("Write the reason first."),
        Length(max=500, message="Write at most 500 characters."),
        label="Reason to save",
    )


class ErrandForm(FlaskForm):  # type: ignore[misc] # as above
    words = reason_field(
        DataRequired("Write the errand first."),
        Length(max=200, message="Write at most 200 characters."),
        label="Errand to add",
    )


class ClaimForm(FlaskForm):  # type: ignore[misc] # as above
    """`holder` is the id of whom the page showed as holder, `-` for nobody."""

    holder = HiddenField(validators=[InputRequired("Reload the page: the form is incomplete."), Length(max=100)])

    @property
    def seen_holder(self) -> str:
        return "" if self.holder.data == "-" else str(self.holder.data)
