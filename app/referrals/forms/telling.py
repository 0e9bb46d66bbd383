"""What a program says of referrers, signups and first deposits; a Refusal names the member that is wrong."""

import json
from typing import TypeVar

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, ValidationError

from app.core.errors import Refusal

LARGEST_BODY = 300_000
WALLET = r"^[1-9A-HJ-NP-Za-km-z]{32,44}$"
MOST_TOLD = 1000


class Told(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)


class Seen(Told):
    """Where somebody was seen. Only hashes of it are kept."""

    address: str = Field(min_length=2, max_length=45)
    agent: str = Field(max_length=1000)


class CodeTold(Told):
    code: str = Field(min_length=3, max_length=32)
    wallet: str = Field(pattern=WALLET)
    nickname: str = Field(min_length=1, max_length=64)
    campaign: str = Field(default="none", pattern=r"^[a-z0-9][a-z0-9_-]{0,31}$")


class SignupTold(Told):
    """`clicks` are the signed clicks that the site kept; `identities` what else it knows the player by."""

    wallet: str = Field(pattern=WALLET)
    nickname: str = Field(min_length=1, max_length=64)
    clicks: list[str] = Field(default_factory=list, max_length=20)
    identities: list[str] = Field(default_factory=list, max_length=10)
    seen: Seen | None = None
    funded_by: str | None = Field(default=None, pattern=WALLET)
    signed_up_at: AwareDatetime | None = Field(default=None, strict=False)


class ConversionTold(Told):
    """A player's wallet got its first lamports."""

    wallet: str = Field(pattern=WALLET)
    funded_by: str = Field(pattern=WALLET)


class Conversions(Told):
    conversions: list[ConversionTold] = Field(min_length=1, max_length=MOST_TOLD)


T = TypeVar("T", bound=Told)


def read(shape: type[T], body: bytes) -> T:
    """Raises a Refusal, 422, that names the first member that is not what it should be."""
    try:
        document = json.loads(body.decode())
    except (ValueError, RecursionError) as error:
        raise unusable("The body is no JSON that can be read.") from error
    if "\\u0000" in body.decode():
        raise unusable("A text holds a character that cannot be kept.")
    try:
        return shape.model_validate(document)
    except ValidationError as error:
        fault = error.errors(include_url=False, include_context=False, include_input=False)[0]
        place = ".".join(str(part) for part in fault["loc"]) or "The body"
        raise unusable(f"{place}: {fault['msg'][0].lower()}{fault['msg'][1:]}.") from error


def unusable(what: str) -> Refusal:
    return Refusal(what, "See docs/api.md for what this address takes.", status=422)
