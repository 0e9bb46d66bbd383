"""Tables of alerts, breakers and silences."""

from app.alerts.models.alert import Alert, AlertCondition, AlertNews, AlertWatch, Silence
from app.alerts.models.breaker import Breaker, BreakerTransition

__all__ = ["Alert", "AlertCondition", "AlertNews", "AlertWatch", "Breaker", "BreakerTransition", "Silence"]
