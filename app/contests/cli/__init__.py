"""`flask contests …`"""

from flask.cli import AppGroup

group = AppGroup("contests", help="Contests: import, evaluate, show, prove.")

from app.contests.cli import evaluation, importing  # noqa: E402, F401 (they put their commands on the group)
