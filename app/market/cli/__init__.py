"""`flask market …`"""

from flask.cli import AppGroup

group = AppGroup("market", help="The live market: its process, its tokens, what is kept of it.")

from app.market.cli import listings, retention, running  # noqa: E402, F401 (they put their commands on the group)
