"""What a program or a file says of a token to submit; a Refusal names the members that are wrong."""

import json
from collections.abc import Mapping
from typing import Annotated, Any
from urllib.parse import urlsplit

from pydantic import AfterValidator, Field

from app.core.api.shapes import Shape, Unreadable, read, text, whole
from app.core.errors import Refusal
from app.whitelist.rules.asked import NewSubmission

MOST_LINKS, LONGEST_LINK, MOST_DECIMALS = 8, 300, 18
MOST_LISTED = 10_000
MOST_MINTS, LONGEST_MINT = 1000, 44


def https(link: str) -> str:
    parts = urlsplit(link)
    is_plain = link.isascii() and link.isprintable() and " " not in link
    if not is_plain or parts.scheme != "https" or "." not in parts.netloc or "@" in parts.netloc:
        raise ValueError
    return link


Mint = Annotated[str, text(LONGEST_MINT)]
Link = Annotated[str, AfterValidator(https), Field(max_length=LONGEST_LINK)]


class SubmissionTold(Shape):
    mint: Mint
    symbol: Annotated[str, text(64)]
    name: Annotated[str, text(128)]
    submitter: Annotated[str, text(100)]
    decimals: Annotated[int | None, whole(0, MOST_DECIMALS)] = None
    links: Annotated[
        list[Link],
        Field(
            default_factory=list, max_length=MOST_LINKS, description=f"a list of at most {MOST_LINKS} https addresses",
        ),
    ]  # fmt: skip
    words: Annotated[str, text(2000, least=0)] = ""

    @property
    def asked(self) -> NewSubmission:
        return NewSubmission(**dict(self))


class InformationTold(Shape):
    words: Annotated[
        str,
        Field(
            pattern=r"^[^\x00]*[^\x00\s][^\x00]*$", max_length=2000, description="a text of 1 to 2000 characters",
        ),
    ]  # fmt: skip


class MintsTold(Shape):
    mints: Annotated[
        list[Mint],
        Field(min_length=1, max_length=MOST_MINTS, description=f"a list of 1 to {MOST_MINTS} addresses"),
    ]  # fmt: skip


def told_document(body: bytes) -> Any:
    try:
        return json.loads(body.decode())
    except (ValueError, RecursionError) as error:
        raise Refusal("The file is no JSON that can be read.", status=422) from error


def listed_tokens(told: Any, *, submitter: str) -> list[NewSubmission]:
    """The tokens of a list: `{"tokens": […]}` as token lists are published, or a bare list."""
    tokens = told.get("tokens") if isinstance(told, Mapping) else told
    if not isinstance(tokens, list) or not 1 <= len(tokens) <= MOST_LISTED:
        raise Refusal(f"It is no list of 1 to {MOST_LISTED:,} tokens.", status=422)
    return [_listed(index, token, submitter) for index, token in enumerate(tokens)]


def _listed(index: int, token: Any, submitter: str) -> NewSubmission:
    """Token lists have members that are none of ours."""
    if not isinstance(token, Mapping):
        raise Refusal(f"tokens[{index}] is no object.", status=422)
    named = {name: value for name, value in token.items() if name in SubmissionTold.model_fields}
    named = {"submitter": submitter, "mint": token.get("address")} | named
    try:
        return read(SubmissionTold, named).asked
    except Unreadable as why:
        raise Refusal(f"tokens[{index}]: {why.what}", status=422) from why
