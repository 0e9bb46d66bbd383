"""A state that somebody forced ends when its time is over, whether or not anybody looks."""

from app.alerts import service
from app.core.jobs import Every

STEPS = (Every(1, service.end_expired),)
