"""Tables of alerts, breakers and silences."""

from app.alerts.models.alert import Alert, AlertCondition, AlertNews, AlertWatch, Silence
from app.alerts.models.breaker import Breaker, BreakerTransition
from app.alerts.models.health import HealthHour, HealthMinute, MaintenanceWindow

__all__ = [
    "Alert",
    "AlertCondition",
    "AlertNews",
    "AlertWatch",
    "Breaker",
    "BreakerTransition",
    "HealthHour",
    "HealthMinute",
    "MaintenanceWindow",
    "Silence",
]
