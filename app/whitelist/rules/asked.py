"""A token as somebody asks to have it whitelisted."""

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class NewSubmission:
    mint: str
    symbol: str
    name: str
    submitter: str
    decimals: int | None = None
    links: Sequence[str] = ()
    words: str = ""
