"""`flask payouts …`: the same commands as the desk's, under the same rules for two people."""

import sys
from collections.abc import Callable
from functools import wraps
from typing import Any

import click
from flask.cli import AppGroup

from app.audit.rules import SYSTEM, Actor
from app.core import live
from app.core.access import roles_with
from app.core.asking import Unreachable
from app.core.clock import database_now
from app.core.errors import Refusal
from app.core.formats import sol
from app.core.keys import address_hash
from app.core.plainly import ready
from app.payouts.queries.batches import (
    BatchLine,
    PayoutRow,
    attempts_of,
    batch_by_id,
    batches,
    lines_of_batch,
    payout_by_id,
    payouts_waiting,
)
from app.payouts.queries.freezes import last_reconciliation, open_freezes
from app.payouts.queries.ledger import trial_balance
from app.payouts.queries.progress import planned_lamports, sums_of_payouts
from app.payouts.service import approving, freezing, holding, ledger, proposing, reconciling
from app.payouts.service.proposing import Proposed
from app.payouts.signer.command import signer
from app.payouts.wallets.choosing import chosen_wallet
from app.payouts.wallets.port import NotSigned
from app.staff import queries as staff
from app.staff.service import CodeWanted, acting_as, end_sign_in, finish_sign_in, sign_in

group = AppGroup("payouts", commands={"signer": signer}, help="Payouts: propose, approve, hold, follow, reconcile.")
because = click.option("--reason", required=True, help="Why, for a colleague.")
Command = Callable[..., None]


def acting(permission: str) -> Callable[[Command], Command]:
    """Gives the command `by`: the account that `--as` names, when its role may do this."""

    def wrap(command: Command) -> Command:
        @wraps(command)
        def run(*, name: str, **words: Any) -> None:
            with ready():
                command(by=acting_as(name, permission=permission, roles=roles_with(permission)), **words)

        return click.option("--as", "name", required=True, help="The admin who decides.")(run)

    return wrap


@group.command("status")
def status_command() -> None:
    """Show what is owed, the batches, the balances and what is frozen."""
    with ready():
        for freeze in open_freezes():
            click.echo(f"FROZEN {freeze.id}: {freeze.reason}")
        for one in sums_of_payouts():
            click.echo(f"{one.kind} {one.state}: {one.payouts:,}, {sol(one.lamports)} SOL")
        for batch in batches():
            click.echo(_sentence(batch))
        for payout in payouts_waiting():
            click.echo(_line(payout))
        for balance in trial_balance().accounts:
            click.echo(f"{balance.account}: {balance.lamports} lamports")
        last = last_reconciliation()
        click.echo(f"reconciled {last.at:%Y-%m-%d %H:%M:%S} UTC" if last else "never reconciled")


@group.command("show")
@click.argument("batch_id", type=int)
def show_command(batch_id: int) -> None:
    """Show a batch: its list, and every attempt to pay it."""
    with ready():
        click.echo(_sentence(_batch(batch_id)))
        for payout in lines_of_batch(batch_id):
            click.echo(_line(payout))
        for attempt in attempts_of(batch_id):
            trouble = f", {attempt.problem}" if attempt.problem else ""
            click.echo(f"attempt {attempt.number} {attempt.state}: {attempt.reference}{trouble}")


@group.command("propose")
@acting("payouts:batch:propose")
def propose_command(by: Actor) -> None:
    """Put every planned payout on a list for another admin to approve."""
    size = chosen_wallet().max_transfers
    _tell(proposing.propose("everything", lamports=planned_lamports(), size=size, by=by))


@group.command("approve")
@click.argument("batch_id", type=int)
@acting("payouts:batch:approve")
def approve_command(batch_id: int, by: Actor) -> None:
    """Approve the list of a batch, after showing it and asking for your password and a code."""
    batch = _batch(batch_id)
    click.echo(_sentence(batch))
    click.echo(f"List {batch.list_hash}")
    _prove(by)
    approving.approve(batch_id, shown_hash=batch.list_hash, proved_at=database_now(), by=by)
    live.emit("batch.changed", {"id": batch_id})
    click.echo(f"Batch {batch_id} is approved.")


@group.command("cancel")
@click.argument("batch_id", type=int)
@acting("payouts:batch:cancel")
@because
def cancel_command(batch_id: int, by: Actor, reason: str) -> None:
    """Take a batch back of which nothing can land any more."""
    approving.cancel(batch_id, version=_batch(batch_id).version, reason=reason, by=by)
    live.emit("batch.changed", {"id": batch_id})
    click.echo(f"Batch {batch_id} is cancelled.")


@group.command("retry")
@click.argument("batch_id", type=int)
@acting("payouts:batch:propose")
def retry_command(batch_id: int, by: Actor) -> None:
    """Propose again what a failed batch left unpaid."""
    version, size = _batch(batch_id).version, chosen_wallet().max_transfers
    _tell(proposing.retry(batch_id, version=version, size=size, by=by))
    live.emit("batch.changed", {"id": batch_id})


@group.command("hold")
@click.argument("payout_id", type=int)
@acting("payouts:payout:hold")
@because
def hold_command(payout_id: int, by: Actor, reason: str) -> None:
    """Keep a payout back."""
    holding.hold(payout_id, version=_version(payout_id), reason=reason, by=by)
    live.emit("payout.changed", {"id": payout_id})
    click.echo(f"Payout {payout_id} is held.")


@group.command("release")
@click.argument("payout_id", type=int)
@acting("payouts:payout:release")
@because
def release_command(payout_id: int, by: Actor, reason: str) -> None:
    """Let a held payout go."""
    holding.release(payout_id, version=_version(payout_id), reason=reason, by=by)
    live.emit("payout.changed", {"id": payout_id})
    click.echo(f"Payout {payout_id} is planned.")


@group.command("deposit")
@click.argument("lamports", type=int)
@click.option("--reference", required=True, help="What the transfer is called where it happened.")
@acting("payouts:ledger:deposit")
@because
def deposit_command(lamports: int, reference: str, by: Actor, reason: str) -> None:
    """Book money of our own that was put into the hot wallet."""
    ledger.deposit(lamports, reference=reference, reason=reason, by=by)
    click.echo(f"Booked {sol(lamports)} SOL.")


@group.command("correct")
@click.argument("journal_id", type=int)
@acting("payouts:ledger:correct")
@because
def correct_command(journal_id: int, by: Actor, reason: str) -> None:
    """Book a journal that undoes another."""
    ledger.correct(journal_id, reason=reason, by=by)
    click.echo(f"Journal {journal_id} is undone.")


@group.command("unfreeze")
@click.argument("freeze_id", type=int)
@acting("payouts:freeze:agree")
@click.option("--reason", help="What explains the difference: for the first of the two people.")
def unfreeze_command(freeze_id: int, by: Actor, reason: str | None) -> None:
    """Explain a freeze (with --reason), or agree to what another admin explained (without)."""
    _prove(by)
    if reason:
        freezing.ask_to_unfreeze(freeze_id, reason=reason, by=by)
    else:
        freezing.unfreeze(freeze_id, by=by)
    live.emit("freeze.changed", {"id": freeze_id})
    click.echo("Another admin has to agree." if reason else f"Freeze {freeze_id} is over.")


@group.command("reconcile")
def reconcile_command() -> None:
    """Compare the books with themselves and with the wallet; exit code 1 and a freeze when they differ."""
    with ready():
        try:
            movements = list(chosen_wallet().movements(reconciling.starting_point()))
        except (Unreachable, NotSigned) as why:
            click.echo(f"The wallet could not be asked: {why}", err=True)
            movements = None
        found = reconciling.reconcile(movements, by=SYSTEM)
    for one in found:
        click.echo(one.text)
    if found or movements is None:
        sys.exit(1)
    click.echo("The books are true.")


def _prove(by: Actor) -> None:
    """The password again, and a code of the second factor; both counted like any other guess."""
    here: dict[str, Any] = {
        "known_device": None, "agent": "command line", "address": address_hash("command line")
    }  # fmt: skip
    opened = sign_in(by.name, click.prompt(f"Password of {by.name}", hide_input=True, err=True), **here)
    if isinstance(opened, CodeWanted):
        opened = finish_sign_in(opened, click.prompt("Code", err=True), **here)
    end_sign_in(staff.own_sign_ins(opened.account_id)[0].id, account_id=opened.account_id, by=by)


def _batch(batch_id: int) -> BatchLine:
    batch = batch_by_id(batch_id)
    if batch is None:
        raise Refusal(f"There is no batch {batch_id}.", "Look with `flask payouts status`.", status=404)
    return batch


def _version(payout_id: int) -> int:
    payout = payout_by_id(payout_id)
    if payout is None:
        raise Refusal(f"There is no payout {payout_id}.", "Look with `flask payouts status`.", status=404)
    return payout.version


def _sentence(batch: BatchLine) -> str:
    trouble = f", {batch.last_problem}" if batch.last_problem else ""
    return f"batch {batch.id} {batch.state}: {batch.payouts:,} payouts, {sol(batch.lamports)} SOL{trouble}"


def _line(payout: PayoutRow) -> str:
    trouble = payout.held_reason or payout.problem
    what = f"payout {payout.id} {payout.kind} {payout.state}: {sol(payout.lamports)} SOL to {payout.wallet}"
    return f"{what}, {trouble}" if trouble else what


def _tell(done: Proposed) -> None:
    for batch_id in done.batches:
        live.emit("batch.changed", {"id": batch_id})
    listed = ", ".join(str(batch_id) for batch_id in done.batches)
    click.echo(f"Proposed {done.payouts:,} payouts, {sol(done.lamports)} SOL, as batch {listed}.")
