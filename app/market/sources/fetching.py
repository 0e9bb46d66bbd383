"""Asking another service for a JSON document, and not trusting it: with time-outs, a size, exact numbers."""

import json
from asyncio import timeout
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from decimal import Decimal
from email.utils import parsedate_to_datetime
from typing import Any

import httpx

from app.market.sources.port import Trouble

CONNECT_S, TOTAL_S = 2, 5
MAX_BYTES = 2 * 1024 * 1024
LONGEST_RETRY_S = 600
USER_AGENT = "degenduel-ops"


@asynccontextmanager
async def asking(headers: Mapping[str, str]) -> AsyncIterator[httpx.AsyncClient]:
    """Answers come as they are: a packed one could unfold to any size."""
    sent = {"User-Agent": USER_AGENT, "Accept": "application/json", "Accept-Encoding": "identity", **headers}
    limits = httpx.Timeout(TOTAL_S, connect=CONNECT_S)
    async with httpx.AsyncClient(headers=sent, timeout=limits, follow_redirects=False, trust_env=False) as client:
        yield client


async def fetch(client: httpx.AsyncClient, address: str, query: Mapping[str, str | list[str]]) -> Any:
    """The document at the address. Raises Trouble in words."""
    try:
        async with timeout(TOTAL_S), client.stream("GET", address, params=query) as answer:
            refuse(answer)
            body = await _read(answer)
    except (TimeoutError, httpx.TimeoutException) as error:
        raise Trouble(f"no answer within {TOTAL_S} s") from error
    except httpx.HTTPError as error:
        raise Trouble(f"cannot be reached: {type(error).__name__}") from error
    return exact(body)


def refuse(answer: httpx.Response) -> None:
    """Raises Trouble when it is anything but a plain 200."""
    if answer.status_code == 429:
        raise Trouble("says we ask too often", retry_after_s(answer.headers.get("Retry-After"), datetime.now(UTC)))
    if answer.status_code in {401, 403}:
        raise Trouble(f"refuses our key ({answer.status_code})")
    if answer.status_code != 200:
        raise Trouble(f"answers {answer.status_code}")
    if answer.headers.get("Content-Encoding", "identity") != "identity":
        raise Trouble("answers packed, though asked not to")


async def _read(answer: httpx.Response) -> bytes:
    body = bytearray()
    async for part in answer.aiter_raw():
        body += part
        if len(body) > MAX_BYTES:
            raise Trouble(f"answers with more than {MAX_BYTES // 1024 // 1024} MB")
    return bytes(body)


def exact(text: str | bytes) -> Any:
    """JSON whose numbers with a point are Decimals, digit by digit as they were written. Raises Trouble."""
    try:
        return json.loads(text, parse_float=Decimal, parse_constant=_refuse_constant)
    except (ValueError, RecursionError) as error:
        raise Trouble("answers with something that is no JSON") from error


def _refuse_constant(word: str) -> None:
    raise ValueError(word)


def retry_after_s(told: str | None, now: datetime) -> int | None:
    """What Retry-After asks for, as seconds from now; None when it says nothing we understand."""
    if told is None:
        return None
    if told.strip().isdecimal() and len(told) < 10:
        return min(int(told), LONGEST_RETRY_S)
    try:
        wait = parsedate_to_datetime(told) - now
    except (ValueError, TypeError):
        return None
    return min(max(wait.days * 86_400 + wait.seconds, 0), LONGEST_RETRY_S)
