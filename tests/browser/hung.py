"""A screen on a wall in a real Chromium, and what a test looks at on it."""

from typing import Any

from flask import Flask
from playwright.sync_api import Page, expect

from app.core.extensions import db
from tests.browser.engine import Engine
from tests.wall.hanging import hung

# What stands over a part by its decay: how opaque, and what it says.
DECAYED = """name => {
  const over = getComputedStyle(document.querySelector(`[data-part=${name}] > .decay`), "::after");
  return [Number(over.opacity), over.content.replaceAll('"', "")];
}"""
# Parts of which something is cut, and whether the page could be scrolled.
CUT = """() => [
  ...[...document.querySelectorAll("[data-part], .strip, .next, .counts")]
    .filter((part) => part.scrollHeight > part.clientHeight + 2 || part.scrollWidth > part.clientWidth + 2)
    .map(({ className, scrollWidth, scrollHeight }) => `${className} needs ${scrollWidth}x${scrollHeight}`),
  ...(document.documentElement.scrollHeight > innerHeight || document.documentElement.scrollWidth > innerWidth
    ? ["the page scrolls"] : []),
]"""


def link_of_screen(app: Flask, name: str, **setting: Any) -> str:
    with app.app_context():
        link = hung(name, **setting).link
        db.session.remove()
    return link


def live(page: Page, engine: Engine | None = None) -> Page:
    """The screen, once it says so; frames come meanwhile."""
    for attempt in range(150):
        if engine is not None:
            engine.tell(SOL=f"142.{attempt:03d}")
        if page.locator("body").get_attribute("data-state") == "live":
            return page
        page.wait_for_timeout(100)
    raise AssertionError(f"The screen is {page.locator('body').get_attribute('data-state')}.")


def decayed(page: Page, part: str) -> tuple[float, str]:
    opacity, words = page.evaluate(DECAYED, part)
    return opacity, words


def expect_state(page: Page, state: str, *, within_ms: float = 15_000) -> None:
    expect(page.locator("body")).to_have_attribute("data-state", state, timeout=within_ms)
