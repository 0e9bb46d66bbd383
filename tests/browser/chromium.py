"""A real Chromium, and what it has to complain about."""

import os
import re
import shutil
from dataclasses import dataclass, field
from typing import Any

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import BrowserContext, ConsoleMessage, Page

PROGRAMS = ("chromium", "chromium-browser", "google-chrome")
SWITCHES = (
    "--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update", "--disable-sync",
    "--no-first-run",
)  # fmt: skip
ANSWERS_OF_OURS = re.compile(r"the server responded with a status of (403|404|409|422|429)")
TELL_VIOLATIONS = """
document.addEventListener("securitypolicyviolation", (event) => {
  window.tellViolation(`${event.violatedDirective} ${event.blockedURI} ${event.sourceFile}:${event.lineNumber}`);
});
"""


def program() -> str | None:
    return os.environ.get("CHROMIUM") or next(filter(None, map(shutil.which, PROGRAMS)), None)


@dataclass
class Troubles:
    """What went wrong in the pages of one context: script errors, console errors, breaches of the content policy."""

    found: list[str] = field(default_factory=list)

    def watch(self, context: BrowserContext) -> None:
        context.expose_binding("tellViolation", lambda _source, text: self.found.append(f"content policy: {text}"))
        context.add_init_script(TELL_VIOLATIONS)
        context.on("console", self._hear)
        context.on("weberror", lambda error: self.found.append(f"script: {error.error}"))

    def _hear(self, message: ConsoleMessage) -> None:
        if message.type == "error" and not ANSWERS_OF_OURS.search(message.text):
            self.found.append(f"console: {message.text} ({message.location.get('url', '')})")


def axe(page: Page) -> list[str]:
    """Every accessibility fault of the page as it stands: rule, element, what to do. Empty when there is none."""
    violations: list[dict[str, Any]] = Axe().run(page).response["violations"]
    return [
        f"{fault['id']}: {' '.join(map(str, node['target']))}: {node['failureSummary']}"
        for fault in violations
        for node in fault["nodes"]
    ]


def overflow(page: Page) -> int:
    """How many pixels the page is wider than its window."""
    wider: int = page.evaluate("Math.max(0, document.documentElement.scrollWidth - innerWidth)")
    return wider
