"""`flask whitelist …`"""

import json
import sys
from dataclasses import asdict
from typing import BinaryIO
from uuid import uuid4

import click
from flask.cli import AppGroup

from app.audit.rules import SYSTEM
from app.core.clock import database_now
from app.core.errors import Refusal, say_and_exit
from app.core.extensions import db
from app.core.formats import sol
from app.core.plainly import ready
from app.market.queries.tokens import standings_of
from app.whitelist.forms.submitting import listed_tokens, told_document
from app.whitelist.queries.reasons import reasons_in_use
from app.whitelist.queries.submission import submission_facts
from app.whitelist.queries.thresholds import thresholds_in_use
from app.whitelist.rules.asked import NewSubmission
from app.whitelist.rules.findings import worst_first
from app.whitelist.rules.life import ON_SUBMISSIONS, ON_TOKENS
from app.whitelist.service.asking import told_of, told_of_feed
from app.whitelist.service.checking import Candidate, check
from app.whitelist.service.deciding import Wish, decide, leave_quarantine, undo
from app.whitelist.service.keeping import Keeper
from app.whitelist.service.reasons import retire_reason, save_reason
from app.whitelist.service.standing import Order, impact_on, order
from app.whitelist.service.submitting import MintUnderReview, ask_again, submit_token

group = AppGroup("whitelist", help="Tokens: what is checked before one may be traded.")


@group.command("check")
@click.argument("mint")
@click.option("--symbol", required=True, help="The symbol it is submitted under.")
@click.option("--name", required=True, help="The name it is submitted under.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON document.")
def check_command(mint: str, symbol: str, name: str, as_json: bool) -> None:
    """Show what the checks say about the token MINT, worst first; exit code 1 when one of them fails."""
    with ready():
        now, least = database_now(), thresholds_in_use().least
        db.session.rollback()
        told = [*told_of(mint, least, Keeper(now, anew=True)), *told_of_feed(mint, now)]
        card = worst_first(check(Candidate(mint, symbol, name), told, now=now).findings)
    if as_json:
        click.echo(json.dumps([asdict(line) for line in card], default=str))
    else:
        for line in card:
            click.echo(f"{line.verdict:<8} {line.check}: {line.value} (asked: {line.threshold}; {line.source})")
    sys.exit(any(line.verdict == "fail" for line in card))


@group.command("import")
@click.argument("file", type=click.File("rb"))
@click.option("--submitter", default="token list", show_default=True, help="Who is said to have submitted them.")
def import_command(file: BinaryIO, submitter: str) -> None:
    """Submit every token of a token list in FILE (JSON). They are checked and reviewed like any other."""
    try:
        with ready():
            listed = listed_tokens(told_document(file.read()), submitter=submitter)
            taken = [_submitted(new) for new in listed]
    except Refusal as refusal:
        say_and_exit(refusal)
    click.echo(f"{sum(taken)} of {len(taken)} tokens submitted; the others are under review or whitelisted already.")


def _submitted(new: NewSubmission) -> bool:
    """Whether it is a new one."""
    try:
        return submit_token(new, client_id=None, is_limited=False, by=SYSTEM).is_new
    except MintUnderReview:
        db.session.rollback()
        return False


@group.command("decide")
@click.argument("submission_id", type=int)
@click.argument("kind", type=click.Choice(list(ON_SUBMISSIONS)))
@click.option("--reason", default="", help="Code of a managed reason; `flask whitelist reasons` lists them.")
@click.option("--words", default="", help="What the submitter is told besides.")
def decide_command(submission_id: int, kind: str, reason: str, words: str) -> None:
    """Decide about a submission as it is now. It takes effect after the seconds in which it can be undone."""
    try:
        with ready():
            now = submission_facts(submission_id)
            version = 0 if now is None else now.version
            done = decide(submission_id, Wish(kind, version, uuid4().hex, reason, words), by=SYSTEM)
    except Refusal as refusal:
        say_and_exit(refusal)
    click.echo(f"{done.symbol} is {done.done}: decision {done.id}.")


@group.command("release")
@click.argument("submission_id", type=int)
def release_command(submission_id: int) -> None:
    """Take a submission out of quarantine, back to the queue."""
    try:
        with ready():
            now = submission_facts(submission_id)
            leave_quarantine(submission_id, version=0 if now is None else now.version, by=SYSTEM)
    except Refusal as refusal:
        say_and_exit(refusal)


@group.command("recheck")
@click.argument("submission_id", type=int)
def recheck_command(submission_id: int) -> None:
    """Have the checks of a submission made again."""
    try:
        with ready():
            now = submission_facts(submission_id)
            ask_again(submission_id, version=0 if now is None else now.version, by=SYSTEM)
    except Refusal as refusal:
        say_and_exit(refusal)


@group.command("save-reason")
@click.argument("code")
@click.argument("kind", type=click.Choice(["reject", "ask", "quarantine", "stop"]))
@click.argument("words")
def save_reason_command(code: str, kind: str, words: str) -> None:
    """Keep a reason that reviewers may choose; WORDS are what a submitter is told."""
    try:
        with ready():
            save_reason(code, kind=kind, words=words, by=SYSTEM)
    except Refusal as refusal:
        say_and_exit(refusal)


@group.command("retire-reason")
@click.argument("code")
def retire_reason_command(code: str) -> None:
    """Offer a reason no longer."""
    try:
        with ready():
            retire_reason(code, by=SYSTEM)
    except Refusal as refusal:
        say_and_exit(refusal)


@group.command("undo")
@click.argument("decision_id", type=int)
def undo_command(decision_id: int) -> None:
    """Undo a decision of the command line while it has not taken effect."""
    try:
        with ready():
            done = undo(decision_id, by=SYSTEM)
    except Refusal as refusal:
        say_and_exit(refusal)
    click.echo(f"{done.symbol} is {done.done}.")


@group.command("order")
@click.argument("mint")
@click.argument("kind", type=click.Choice(list(ON_TOKENS)))
@click.option("--reason", default="", help="Code of a managed reason.")
@click.option("--words", default="", help="Your own words besides.")
@click.option("--yes", is_flag=True, help="Do it; without, only say what it would touch.")
def order_command(mint: str, kind: str, reason: str, words: str, yes: bool) -> None:
    """Suspend, quarantine, delist or reinstate the token MINT. Says first which contests it touches."""
    try:
        with ready():
            token = standings_of([mint]).get(mint)
            if token is None:
                raise Refusal(f"We know no token with the mint {mint}.", "See the list of tokens.", status=404)
            touched = impact_on(token.id)
            click.echo(f"{len(touched.contests)} contests, {touched.players} players, {sol(touched.lamports)} SOL.")
            if yes:
                moved = order(mint, Order(kind, token.state, uuid4().hex, reason, words), by=SYSTEM)
                click.echo(f"{moved.symbol} is {moved.done}.")
    except Refusal as refusal:
        say_and_exit(refusal)


@group.command("reasons")
def reasons_command() -> None:
    """List the managed reasons in use."""
    with ready():
        for one in reasons_in_use():
            click.echo(f"{one.kind:<10} {one.code:<20} {one.words}")
