"""Screens for tests, hung up by the services that do it in earnest."""

from typing import Any

from app.audit.rules import SYSTEM
from app.wall.rules.boards import Setting
from app.wall.rules.reports import Report
from app.wall.service.screens import Linked, add_screen

SETTING = Setting("Office", ["market", "alerts"], 55, 500, "landscape", "dark", "oled")
FORM = {
    "name": "Office", "boards": "market, alerts", "diagonal": "55", "distance": "5", "orientation": "landscape",
    "theme": "dark", "panel": "oled",
}  # fmt: skip


def hung(name: str = "Office", **changes: Any) -> Linked:
    return add_screen(Setting(**{**vars(SETTING), "name": name, **changes}), by=SYSTEM)


def told(**changes: Any) -> Report:
    """A report of a screen that is well."""
    well: dict[str, Any] = {
        "state": "live", "board": "market", "painted_ms": 16, "lag_ms": 300, "word": "", "heap_bytes": 9_000_000,
        "nodes": 180, "fps": 60, "version": "0.1.0+abc", "width": 1920, "height": 1080,
    }  # fmt: skip
    return Report(**{**well, **changes})
