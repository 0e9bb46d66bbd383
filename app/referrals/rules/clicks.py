"""Which clicks count: a person followed a link that is in use, and not for the hundredth time."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from uuid import UUID

VERDICTS: Mapping[str, str] = {
    "counted": "It counts.",
    "repeat": "The same browser had followed this link within 24 hours: such clicks count once.",
    "unknown_code": "No referrer has this code.",
    "inactive_code": "The code is not in use any more.",
    "banned": "The referrer is banned, so the link earns nothing.",
    "bot": "A program followed the link, not a person.",
    "prefetch": "The browser fetched the page ahead; nobody had opened it.",
    "not_a_visit": "The link was loaded as a part of another page, and not opened by a person.",
    "over_limit": "Too many clicks came from this address in a short time.",
}
"""What became of a click, in words that can be passed on. Every click is kept with its verdict."""
ATTRIBUTABLE = ("counted", "repeat")
COUNTED_ONCE_IN = timedelta(hours=24)
PER_ADDRESS = (100, 15 * 60)
PER_CODE_AND_ADDRESS = (10, 60)
"""So many clicks in any so many seconds."""
CODE = re.compile(r"[A-Z0-9][A-Z0-9_-]{2,31}")
WORD = re.compile(r"[a-z0-9][a-z0-9_-]{0,31}")
BOTS = re.compile(
    r"bot\b|bot/|bots\b|crawl|spider|slurp|preview|facebookexternalhit|whatsapp|embed|fetch|scan|monitor|lighthouse"
    r"|headless|phantom|selenium|puppeteer|playwright|curl/|wget/|python|java/|okhttp|go-http|axios|node|libwww|http-?client"
    r"|postman|insomnia|^\W*$",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Hashes:
    """What stands for where somebody came from, under the key of one epoch."""

    epoch: int
    address: bytes
    agent: bytes
    network: bytes


@dataclass(frozen=True)
class Clicked:
    """A click as it is kept. `fault` is what was wrong with the request itself, None when nothing was."""

    id: UUID
    code: str
    source: str
    campaign: str | None
    fault: str | None
    is_bare: bool
    hashes: Hashes
    fingerprints: tuple[bytes, ...]
    """Of code, address and agent: under the newest key, and under the one before."""

    @property
    def at(self) -> datetime:
        return moment_of(self.id)


def moment_of(click_id: UUID) -> datetime:
    """The time that a UUIDv7 begins with, to the millisecond."""
    return datetime.fromtimestamp((click_id.int >> 80) / 1000, UTC)


def plain_code(text: str) -> str:
    """As codes are kept: who types a link may not see their case. What cannot be printed is no part of any."""
    return "".join(sign if sign.isprintable() else "?" for sign in text.strip().upper())[:64]


def plain_word(text: str | None, otherwise: str) -> str:
    """A source or campaign of an address; what is no such word is `otherwise`."""
    word = (text or "").strip().lower()
    return word if WORD.fullmatch(word) else otherwise


def request_fault(method: str, headers: Mapping[str, str]) -> str | None:
    """Why the request is nobody's opening of a link; None when it may be one. Absent Sec-Fetch headers are no fault."""
    purpose = " ".join(headers.get(name, "") for name in ("Sec-Purpose", "Purpose", "X-Moz", "X-Purpose")).lower()
    if "prefetch" in purpose or "prerender" in purpose or "preview" in purpose:
        return "prefetch"
    if BOTS.search(headers.get("User-Agent", "")):
        return "bot"
    told = (headers.get("Sec-Fetch-Mode", "navigate"), headers.get("Sec-Fetch-Dest", "document"))
    return None if method == "GET" and told == ("navigate", "document") else "not_a_visit"


def is_bare(headers: Mapping[str, str]) -> bool:
    """Whether the browser kept silent on how it came here."""
    return "Sec-Fetch-Mode" not in headers or "Sec-Fetch-Dest" not in headers
