"""What the worker does for contests, in the order it asks."""

from collections.abc import Callable

from app.contests.jobs.evaluation import evaluate_due
from app.contests.jobs.importing import import_handed_in

STEPS: tuple[Callable[[], bool], ...] = (evaluate_due, import_handed_in)
