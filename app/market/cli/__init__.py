"""`flask market …`"""

from flask.cli import AppGroup

group = AppGroup("market", help="The live market: its process, its tokens, what is kept of it.")

from app.market.cli import running  # noqa: E402, F401 (it puts its command on the group)
