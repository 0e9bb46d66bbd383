"""The door for web servers and the `flask` command."""

from app import create_app
from app.config import WrongSetting

try:
    app = create_app()
except WrongSetting as error:
    raise SystemExit(str(error)) from None
