"""What ends when its time is over, whether or not anybody looks: forced states, and acknowledgements of alerts."""

from app.alerts import service
from app.core import live


def end_expired() -> bool:
    if not service.end_expired():
        return False
    live.emit("breaker.changed", {})
    return True


def tell_silence() -> bool:
    if not service.note_worker_silence():
        return False
    live.emit("alert.changed", {})
    return True


def refire_expired() -> bool:
    number = service.refire_expired()
    if number is None:
        return False
    live.emit("alert.changed", {"id": number})
    return True
