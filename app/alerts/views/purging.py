"""Emptying a cache: the page has shown what it holds, and the log says who did it."""

from typing import Any

from flask import abort, url_for
from redis.exceptions import RedisError

from app.alerts import service
from app.alerts.views import bp
from app.alerts.views.services import caches, services_page
from app.core import live
from app.core.access import actor, allow
from app.core.caches import cache_state, purge
from app.core.errors import Refusal
from app.core.htmx import see_other

AWAY = Refusal("The cache does not answer, so nothing was emptied.", "Wait until Valkey is back.", status=409)


@bp.post("/services/caches/<name>/purge")
@allow("alerts:cache:purge")
def purge_cache(name: str) -> Any:
    cache = next((one for one in caches() if one.name == name), None)
    if cache is None:
        abort(404, f"There is no cache {name}.")
    held = cache_state(cache).keys
    if held is None:
        return services_page(refusal=AWAY)
    service.record_purge(name, keys=held, by=actor())
    try:
        gone = purge(cache)
    except RedisError:
        return services_page(refusal=AWAY)
    live.emit("cache.changed", {"id": name})
    return see_other(url_for("alerts.services"), told=f"{cache.label}: {gone} were emptied.")
