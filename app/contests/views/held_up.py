"""The market asks what its breaker would hold up; the contests know."""

from typing import cast

from flask import Flask
from flask.blueprints import BlueprintSetupState

from app.alerts.rules.radius import QUESTION
from app.contests.queries.held_up import held_up
from app.contests.views import bp
from app.core.upward import answer_with


@bp.record_once
def answer_market(setup: BlueprintSetupState) -> None:
    answer_with(cast(Flask, setup.app), QUESTION, held_up)
