"""Reading alerts, silences and breakers."""

from app.alerts.queries.breakers import (
    Change,
    breaker,
    breaker_at,
    breaker_changes,
    computed_of,
    forced_of,
)
from app.alerts.queries.open_alerts import (
    AlertCounts,
    AlertLine,
    OpenAlert,
    active_count,
    alert_by_id,
    alert_counts,
    alert_list,
    last_resolved_at,
    longest_acknowledged,
    open_alerts,
)

__all__ = [
    "AlertCounts",
    "AlertLine",
    "Change",
    "OpenAlert",
    "active_count",
    "alert_by_id",
    "alert_counts",
    "alert_list",
    "breaker",
    "breaker_at",
    "breaker_changes",
    "computed_of",
    "forced_of",
    "last_resolved_at",
    "longest_acknowledged",
    "open_alerts",
]
