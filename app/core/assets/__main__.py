"""`python -m app.core.assets fetch | check`: our own copies of the third-party browser files."""

import os
import sys

from app.config import WrongSetting, read_settings
from app.core.assets.vendor import WrongFile, fetch, problems


def main(arguments: list[str]) -> int:
    if arguments not in (["fetch"], ["check"]):
        print("usage: python -m app.core.assets fetch | check", file=sys.stderr)
        return 2
    try:
        settings = read_settings(os.environ)
        lines = [f"have {path}" for path in fetch(settings)] if arguments == ["fetch"] else []
    except (WrongSetting, WrongFile) as error:
        print(error, file=sys.stderr)
        return 1
    wrong = list(problems(settings))
    print("\n".join(lines + wrong) if lines or wrong else "All local copies are there, with the right bytes.")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
