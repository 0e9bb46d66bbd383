"""docs/settings.md, made from the settings themselves: `python -m tests.house.settings` writes it anew."""

from dataclasses import Field, fields
from typing import Any

from app.config import ROOT, Config

PAGE = ROOT / "docs/settings.md"
HEAD = """# Settings

Each is read from `NAME` or `DUEL_NAME`, or from the file that `NAME_FILE` or `DUEL_NAME_FILE` names: that is how
secrets come in. A value that cannot be used is refused by name. This page is made from `app/config.py` by
`python -m tests.house.settings`.

| setting | default | meaning |
|---|---|---|
"""


def page() -> str:
    return HEAD + "".join(map(line, fields(Config)))


def line(setting: Field[Any]) -> str:
    default = "instance" if setting.name == "instance_path" else setting.default
    shown = "" if default == "" else f"`{int(default) if isinstance(default, bool) else default}`"
    secret = " (secret)" if setting.metadata["secret"] else ""
    return f"| `{setting.name.upper()}` | {shown} | {setting.metadata['meaning'].replace('|', '/')}{secret} |\n"


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
