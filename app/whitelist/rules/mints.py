"""What the chain says about a mint, and how each of it is judged."""

from collections.abc import Iterator
from dataclasses import dataclass

from app.whitelist.rules.extensions import Extension, judged
from app.whitelist.rules.findings import Line

MOST_DECIMALS = 12
CHECKS = ("account", "decimals", "supply", "mint_authority", "freeze_authority")
"""What every mint account answers; its extensions come on top."""
PROGRAMS = {
    "TokenkegQfeZyiNwAJbNbGKPFXCWuBvf9Ss623VQ5DA": "SPL Token",
    "TokenzQdBNbLqP5VEhdkAS6EPFLC1PHnBqCXEpPxuEb": "Token-2022",
}
"""The programs whose accounts are mints, by address."""


@dataclass(frozen=True)
class Mint:
    """A mint account as it was read; `supply` in the token's smallest unit."""

    program: str
    decimals: int
    supply: int
    mint_authority: str | None
    freeze_authority: str | None
    extensions: tuple[Extension, ...] = ()


def lines_of(mint: Mint) -> Iterator[Line]:
    """Every line that a mint account answers, in the order of the card."""
    yield Line("account", "pass", f"mint of {PROGRAMS[mint.program]}", "an initialised mint")
    enough = "pass" if mint.decimals <= MOST_DECIMALS else "fail"
    yield Line("decimals", enough, str(mint.decimals), f"at most {MOST_DECIMALS}")
    yield Line("supply", "pass" if mint.supply else "fail", f"{mint.supply:,}", "more than 0")
    yield _authority("mint_authority", mint.mint_authority)
    yield _authority("freeze_authority", mint.freeze_authority)
    for extension in mint.extensions:
        verdict, seen = judged(extension)
        yield Line(f"extension:{extension.kind}", verdict, f"{extension.name}: {seen}", "on the list of harmless ones")


def _authority(check: str, holder: str | None) -> Line:
    """Somebody who may still mint or freeze is a question for a reviewer, never a pass."""
    return Line(check, "pass" if holder is None else "warn", holder or "nobody", "nobody")
