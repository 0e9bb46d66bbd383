"""What an error of the JSON API says (RFC 9457)."""

from pydantic import ConfigDict, Field

from app.core.api.shapes import Answer

SOME = ConfigDict(json_schema_serialization_defaults_required=False)
"""Members that have nothing to say are left out."""


class ProblemFault(Answer):
    """One thing that is wrong with the call: a member of its body, or a parameter of its address."""

    model_config = SOME

    pointer: str | None = Field(None, description="JSON pointer into the body, such as #/tokens/3")
    parameter: str | None = Field(None, description="parameter or header")
    detail: str = Field(description="what is wrong with it")


class Problem(Answer):
    """An error. `errors` names everything that is wrong with a body or an address."""

    model_config = SOME

    type: str = Field(description="about:blank: the status says what kind of error it is")
    title: str = Field(description="the status in words")
    status: int
    detail: str = Field(description="what happened, to which thing")
    fix: str | None = Field(None, description="what to do about it")
    errors: list[ProblemFault] | None = None
    request_id: str = Field(description="under this our log knows the call")
