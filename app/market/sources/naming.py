"""MARKET_SOURCES in words: which sources to run, and how.

`simulated,hz=10,tokens=1000,replay:file.csv@60,loop=yes,coinbase:wss://…`: commas part them, an option belongs to the
source before it, and what stands after a colon is the source's file or another address than its usual one.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from app.config import Config
from app.core.errors import Refusal
from app.market.sources import coinbase, dexscreener, jupiter, pyth
from app.market.sources.port import Source
from app.market.sources.replay import Replay
from app.market.sources.simulated import HZ, MOST_TOKENS, SEED, Simulated

NONE = "none"
ADDRESSED = frozenset({"simulated", "jupiter", "dexscreener"})
"""These know tokens by their mint and need no listings."""
TAKES = {
    "simulated": {"seed", "hz", "tokens"}, "replay": {"loop"},
    "jupiter": set[str](), "dexscreener": set[str](), "pyth": set[str](), "coinbase": set[str](),
}  # fmt: skip
SCHEMES = {name: ("ws://", "wss://") if name == "coinbase" else ("http://", "https://") for name in TAKES}
LIMITS = {"seed": (0, 2**63), "hz": (1, 50), "tokens": (1, MOST_TOKENS), "speed": (1, 10_000)}
FIX = "Correct MARKET_SOURCES; docs/operations.md has the sources and their options."


@dataclass
class Named:
    """One source as it was named."""

    kind: str
    rest: str = ""
    options: dict[str, str] = field(default_factory=dict)


def chosen(settings: Config) -> tuple[Source, ...]:
    """What the settings ask for, ready to run. Raises Refusal that says what cannot be understood."""
    told = settings.market_sources or (NONE if settings.database_url else "simulated")
    named = () if told.strip() == NONE else named_sources(told)
    twice = {one.kind for one in named if sum(other.kind == one.kind for other in named) > 1}
    if twice:
        raise Refusal(f"MARKET_SOURCES names {', '.join(sorted(twice))} twice.", FIX)
    return tuple(_made(one, settings) for one in named)


def named_sources(told: str) -> tuple[Named, ...]:
    named: list[Named] = []
    for piece in map(str.strip, told.split(",")):
        kind, _, rest = piece.partition(":")
        if kind in TAKES:
            named.append(Named(kind))
            if kind == "simulated" and rest:
                _add_option(named[-1], rest)
            else:
                named[-1].rest = rest
        elif named and "=" in piece:
            _add_option(named[-1], piece)
        else:
            raise Refusal(f"MARKET_SOURCES has {piece!r}, which is none of {', '.join(TAKES)}.", FIX)
    return tuple(named)


def _add_option(named: Named, piece: str) -> None:
    option, _, value = piece.partition("=")
    if option not in TAKES[named.kind] or option in named.options:
        raise Refusal(f"{named.kind} cannot be told {piece!r}.", FIX)
    named.options[option] = value


def _made(named: Named, settings: Config) -> Source:
    if named.kind == "simulated":
        return Simulated(
            seed=_number(named.options, "seed", SEED),
            hz=_number(named.options, "hz", HZ),
            tokens=_number(named.options, "tokens", MOST_TOKENS),
        )
    if named.kind == "replay":
        return _replay(named)
    if named.rest and not named.rest.startswith(SCHEMES[named.kind]):
        raise Refusal(f"{named.kind} cannot be asked at {named.rest!r}.", FIX)
    if named.kind == "jupiter":
        return jupiter.Jupiter(address=named.rest or jupiter.ADDRESS, key=settings.jupiter_key)
    if named.kind == "dexscreener":
        return dexscreener.DexScreener(address=named.rest or dexscreener.ADDRESS)
    if named.kind == "pyth":
        return pyth.Pyth(address=named.rest or pyth.ADDRESS, key=settings.pyth_key)
    return coinbase.Coinbase(address=named.rest or coinbase.ADDRESS)


def _replay(named: Named) -> Replay:
    file, _, speed = named.rest.rpartition("@") if "@" in named.rest else (named.rest, "", "")
    if not file:
        raise Refusal("MARKET_SOURCES names replay without a file.", FIX)
    loop = named.options.get("loop", "no")
    if loop not in {"yes", "no"}:
        raise Refusal(f"replay's loop is yes or no, not {loop!r}.", FIX)
    return Replay(Path(file), speed=_number({"speed": speed} if speed else {}, "speed", 1), loops=loop == "yes")


def _number(options: Mapping[str, str], name: str, otherwise: int) -> int:
    text = options.get(name)
    if text is None:
        return otherwise
    low, high = LIMITS[name]
    if not text.isdecimal() or len(text) > 19 or not low <= int(text) <= high:
        raise Refusal(f"{name} is {text!r}, not a whole number from {low} to {high:,}.", FIX)
    return int(text)
