"""What the worker does for contests, in the order it asks."""

from collections.abc import Callable

from app.contests.jobs.evaluation import evaluate_due
from app.contests.jobs.importing import import_handed_in
from app.contests.jobs.life import check_due, end_due, finish_due, look_before_it_counts_due, start_due
from app.contests.jobs.schedule import make_scheduled_due
from app.contests.queries.promised import accuracy, done, errors, evaluation_late
from app.contests.queries.weak_tokens import served_badly

STEPS: tuple[Callable[[], bool], ...] = (
    end_due, start_due, check_due, evaluate_due, finish_due, import_handed_in, make_scheduled_due,
    look_before_it_counts_due,
)  # fmt: skip
RULES = (evaluation_late, served_badly)
MEASURES = (done, accuracy, errors)
