"""What people type when they sign in, join, and manage accounts."""

from flask_wtf import FlaskForm
from wtforms import HiddenField, IntegerField, PasswordField, SelectField, StringField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # newer than its type stubs
from wtforms.validators import AnyOf, DataRequired, InputRequired, Length, Optional, Regexp, ValidationError

from app.core.errors import Refusal
from app.staff import rules

ROLE_CHOICES = [SelectChoice(role, words) for role, words in rules.ROLES.items()]


LONGEST_ANSWER = 20_000


def stripped(text: str | None) -> str | None:
    return text.strip() if text else text


def new_password_field(label: str) -> PasswordField:
    return PasswordField(
        label, validators=[InputRequired("Choose a password.")], render_kw={"autocomplete": "new-password"},
        description=f"At least {rules.SHORTEST} characters. A few unrelated words are easy to remember.",
    )  # fmt: skip


class SignInForm(FlaskForm):
    name = StringField(
        "Name", filters=[stripped], validators=[DataRequired("Type your account name."), Length(max=64)],
        render_kw={"autocomplete": "username", "autocapitalize": "none", "spellcheck": "false"},
    )  # fmt: skip
    password = PasswordField(
        "Password", validators=[InputRequired("Type your password."), Length(max=1000)],
        render_kw={"autocomplete": "current-password"},
    )  # fmt: skip
    next = HiddenField()


def code_field(*, description: str = "") -> StringField:
    return StringField(
        "Code", filters=[stripped], validators=[DataRequired("Type the code."), Length(max=40)],
        render_kw={"autocomplete": "one-time-code", "autocapitalize": "none", "spellcheck": "false"},
        description=description or "Six digits from your authenticator app, or a recovery code.",
    )  # fmt: skip


class CodeForm(FlaskForm):
    code = code_field()


class FirstCodeForm(FlaskForm):
    code = code_field(description="The six digits the app shows now.")


class ConfirmForm(FlaskForm):
    password = PasswordField(
        "Password", validators=[InputRequired("Type your password."), Length(max=1000)],
        render_kw={"autocomplete": "current-password"},
    )  # fmt: skip
    next = HiddenField()


class ConfirmWithCodeForm(ConfirmForm):
    code = code_field()


class PasskeyForm(FlaskForm):
    """What the browser answered to the options of its page, as JSON."""

    answer = HiddenField(
        validators=[DataRequired("The browser gave no passkey. It takes scripts."), Length(max=LONGEST_ANSWER)]
    )
    next = HiddenField()

    def checked_answer(self) -> str:
        """Refuses a form that holds none."""
        if not self.validate():
            raise Refusal(next(str(error) for errors in self.errors.values() for error in errors), status=422)
        return self.answer.data or ""


class NewPasskeyForm(PasskeyForm):
    name = StringField(
        "Name of the passkey", filters=[stripped],
        validators=[DataRequired("Give it a name, such as the device it is on."), Length(max=60)],
        description="Such as the device or password manager it is on.", render_kw={"autocomplete": "off"},
    )  # fmt: skip


class ResetForm(FlaskForm):
    reason = StringField(
        "How you know that it is them", filters=[stripped],
        validators=[DataRequired("Say how you know that it is them."), Length(max=500)],
        description="One sentence for the audit log.",
    )  # fmt: skip


class NewPasswordForm(FlaskForm):
    account_name = ""
    new_password = new_password_field("Password")

    def of_account(self) -> str:
        """Name of the account, which the password must not be like."""
        return self.account_name

    def validate_new_password(self, field: PasswordField) -> None:
        problem = rules.password_problem(field.data or "", name=self.of_account())
        if problem is not None:
            raise ValidationError(problem)


class WelcomeForm(NewPasswordForm):
    name = StringField(
        "Account name", filters=[stripped], validators=[DataRequired("Choose an account name.")],
        render_kw={"autocomplete": "username", "autocapitalize": "none", "spellcheck": "false"},
        description="You sign in with it, and the audit log shows it.",
    )  # fmt: skip
    display_name = StringField(
        "Your name", filters=[stripped], validators=[Optional(), Length(max=80)], render_kw={"autocomplete": "name"},
        description="As colleagues know you. Left empty, the account name is shown.",
    )  # fmt: skip
    new_password = new_password_field("Password")

    def validate_name(self, field: StringField) -> None:
        problem = rules.name_problem(field.data or "")
        if problem is not None:
            raise ValidationError(problem)

    def of_account(self) -> str:
        return self.name.data or ""


class ChangePasswordForm(NewPasswordForm):
    current_password = PasswordField(
        "Current password", validators=[InputRequired("Type your current password.")],
        render_kw={"autocomplete": "current-password"},
    )  # fmt: skip
    new_password = new_password_field("New password")


class InviteForm(FlaskForm):
    role = SelectField("Role", choices=ROLE_CHOICES, default="support", validators=[InputRequired("Choose a role.")])
    name = StringField(
        "Account name", filters=[stripped],
        validators=[Optional(), Regexp(rules.NAME.pattern + r"\Z", message=rules.name_problem("") or "")],
        description="Left empty, they choose it themselves.", render_kw={"autocomplete": "off", "spellcheck": "false"},
    )  # fmt: skip


class VersionForm(FlaskForm):
    """A command on something seen: `version` says which state of it."""

    version = IntegerField(validators=[InputRequired("Reload the page: the form is incomplete.")])


class RoleForm(VersionForm):
    role = SelectField("Role", choices=ROLE_CHOICES, validators=[AnyOf(list(rules.ROLES))])
