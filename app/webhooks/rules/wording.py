"""What people read in a chat or a mail, made of the event that programs get."""

import json
from collections.abc import Mapping
from typing import Any

MARKS = {"critical": "\N{BLACK UP-POINTING TRIANGLE} CRITICAL", "warning": "\N{WHITE UP-POINTING TRIANGLE} Warning",
         "info": "\N{BLACK CIRCLE} Info"}  # fmt: skip
LONGEST = 1900
"""Discord takes 2,000 characters."""


def title(event: Mapping[str, Any]) -> str:
    facts = event["data"]
    if event["type"] == "alert.fired":
        return f"{MARKS[facts['severity']]}: {facts['subject']}"
    if event["type"] == "alert.resolved":
        return f"\N{CHECK MARK} Resolved: {facts['subject']}"
    return f"A test of DegenDuel Ops, asked for by {facts.get('asked_by', 'nobody')}: alerts are told here."


def text(event: Mapping[str, Any]) -> str:
    facts = event["data"]
    lines = [facts.get(name) for name in ("what", "next_step", "url")]
    return "\n".join(filter(None, lines))[:LONGEST]


def chat_body(kind: str, body: str) -> bytes:
    """Nobody is called by name, whatever an alert's text says: mentions are turned off."""
    event = json.loads(body)
    words = f"{title(event)}\n{text(event)}"[:LONGEST]
    if kind == "discord":
        told: dict[str, Any] = {"content": words, "allowed_mentions": {"parse": []}}
    else:
        told = {"text": words.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")}
    return json.dumps(told, ensure_ascii=False).encode()
