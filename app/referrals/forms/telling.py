"""What a program says of referrers, signups and first deposits."""

from ipaddress import ip_address
from typing import Annotated

from pydantic import AfterValidator, AwareDatetime, Field

from app.core.api.shapes import Shape, text, words

LARGEST_BODY = 300_000
MOST_TOLD = 1000
Wallet = Annotated[
    str, Field(pattern=r"^[1-9A-HJ-NP-Za-km-z]{32,44}$", description="a wallet, 32 to 44 characters of base58")
]


def an_address(told: str) -> str:
    if "%" in told:
        raise ValueError("an address of one machine's own network")
    ip_address(told)
    return told


class Seen(Shape):
    """Where somebody was seen. Only hashes of it are kept."""

    address: Annotated[str, AfterValidator(an_address), Field(max_length=45, description="an IP address")]
    agent: Annotated[str, text(1000, least=0)]


class CodeTold(Shape):
    code: Annotated[str, text(32, least=3)]
    wallet: Wallet
    nickname: Annotated[str, words(64)]
    campaign: Annotated[
        str, Field(pattern=r"^[a-z0-9][a-z0-9_-]{0,31}$", description="a word of small letters, digits, - and _")
    ] = "none"


class SignupTold(Shape):
    """`clicks` are the signed clicks that the site kept; `identities` what else it knows the player by."""

    wallet: Wallet
    nickname: Annotated[str, words(64)]
    clicks: Annotated[
        list[Annotated[str, text(200)]],
        Field(default_factory=list, max_length=20, description="a list of up to 20 clicks"),
    ]
    identities: Annotated[
        list[Annotated[str, text(320)]],
        Field(default_factory=list, max_length=10, description="a list of up to 10 identities"),
    ]
    seen: Annotated[Seen | None, Field(description="an object with address and agent")] = None
    funded_by: Wallet | None = None
    signed_up_at: Annotated[
        AwareDatetime | None, Field(strict=False, description="a time with a zone, such as 2026-11-28T12:00:00Z")
    ] = None


class ConversionTold(Shape):
    """A player's wallet got its first lamports."""

    wallet: Wallet
    funded_by: Wallet


class ConversionsTold(Shape):
    conversions: Annotated[
        list[ConversionTold],
        Field(min_length=1, max_length=MOST_TOLD, description=f"a list of 1 to {MOST_TOLD} wallets and their funders"),
    ]
