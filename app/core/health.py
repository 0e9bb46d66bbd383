"""Whether this process lives, and whether it can serve."""

from flask import Blueprint, Response, jsonify
from redis.exceptions import RedisError
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError

from app.core import metrics
from app.core.access import allow_client, public
from app.core.extensions import db, valkey
from app.core.schema import head_revision

bp = Blueprint("health", __name__)


@bp.get("/livez")
@public
def livez() -> Response:
    """Asks nothing of anyone, so a slow database never makes a supervisor restart us."""
    return Response("ok\n", mimetype="text/plain")


@bp.get("/readyz")
@public
def readyz() -> tuple[Response, int]:
    """200 when the database answers and its tables are the ones this version expects.

    Without its cache a process serves, only worse: that is told and keeps nobody away.
    """
    problems = {name: problem for name, check in (("database", _migrations),) if (problem := check())}
    worse = {name: problem for name, check in (("cache", _cache),) if (problem := check())}
    return jsonify(ready=not problems, problems=problems, worse=worse), 503 if problems else 200


@bp.get("/metrics")
@allow_client("metrics:read")
def measured() -> Response:
    """What all processes of this machine count, for Prometheus; it shows its key as `authorization.credentials`."""
    text, kind = metrics.exposed()
    return Response(text, content_type=kind)


def _cache() -> str | None:
    try:
        valkey().ping()
    except RedisError:
        return "does not answer: no live updates, no caches, rate limits of each process alone"
    return None


def _migrations() -> str | None:
    try:
        db.session.execute(text("SET LOCAL statement_timeout = 500"))
        found = db.session.execute(text("SELECT version_num FROM alembic_version")).scalar()
    except SQLAlchemyError as error:
        db.session.rollback()
        return "does not answer" if "alembic_version" not in str(error) else "has no tables yet; run `flask db upgrade`"
    wanted = head_revision()
    return None if found == wanted else f"is at revision {found}, this version needs {wanted}; run `flask db upgrade`"
