"""The door for web servers and the `flask` command."""

import gc

gc.disable()  # what starting makes stays: looking through it again and again costs a tenth of the start

from app import create_app  # noqa: E402 (so that it is not looked through either)
from app.config import WrongSetting  # noqa: E402

try:
    app = create_app()
except WrongSetting as error:
    raise SystemExit(str(error)) from None
gc.enable()
