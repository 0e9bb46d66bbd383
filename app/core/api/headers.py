"""What every answer of the JSON API says about itself: how many calls are left."""

from flask import Response

from app.core import problems
from app.core.extensions import limiter
from app.core.turns.window import seconds_until


def complete(response: Response) -> Response:
    """Limits as the IETF's draft on rate-limit headers has them: quota, window, what remains and for how long."""
    if problems.is_asked_for() and limiter.enabled and limiter.current_limits:
        named = [(f"per-{one.limit.get_expiry()}s", one) for one in limiter.current_limits]
        response.headers["RateLimit-Policy"] = ", ".join(
            f'"{name}";q={one.limit.amount};w={one.limit.get_expiry()}' for name, one in named
        )
        response.headers["RateLimit"] = ", ".join(
            f'"{name}";r={max(0, one.remaining)};t={seconds_until(one.window.reset_time)}' for name, one in named
        )
    return response
