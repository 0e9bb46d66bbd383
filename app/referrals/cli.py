"""`flask referrals …`"""

from datetime import UTC, datetime
from typing import Any

import click
from flask.cli import AppGroup

from app.audit.rules import SYSTEM
from app.core.clock import database_now
from app.core.errors import Refusal, say_and_exit
from app.core.formats import sol
from app.core.paging import Place
from app.core.plainly import ready
from app.referrals.queries.closing import close_preview
from app.referrals.queries.people import owner_of_code, person_by_wallet
from app.referrals.queries.periods import last_closed_period, open_period, terms, terms_at
from app.referrals.queries.rewards import rewards_of
from app.referrals.queries.standings import leaderboard
from app.referrals.queries.what_if import what_if_of
from app.referrals.rules.attribution import ATTRIBUTIONS
from app.referrals.rules.programmes import Terms
from app.referrals.service.failing import retry
from app.referrals.service.programmes import make_programme

group = AppGroup("referrals", help="Who came by whom, and what that earns.")
TERMS = (
    click.option("--signup", type=int, help="Lamports for the player who came."),
    click.option("--contest", type=int, help="Lamports for who brought them."),
    click.option("--window-days", type=int, help="Days from the click to the signup."),
    click.option("--cap", type=int, help="Most lamports that one referrer earns in a period; 0: no cap."),
)


def with_terms(command: Any) -> Any:
    for option in reversed(TERMS):
        command = option(command)
    return command


@group.command("leaderboard")
def leaderboard_command() -> None:
    """Show the referrers of the period that runs, best first."""
    with ready():
        period = open_period()
        rows = leaderboard(period.id, Place(), size=20).rows if period else ()
    if period is None:
        say_and_exit(Refusal("No period runs yet.", "Start a worker: it opens one."))
    click.echo(f"{period.kind} period of {period.name}, until {period.ends_at:%F %R} UTC")
    for row in rows:
        click.echo(
            f"{row.rank or '-':>4} {row.trend:<5}{row.counted:>6} counted {row.pending:>6} pending  {row.nickname}"
        )


@group.command("person")
@click.argument("wallet_or_code")
def person_command(wallet_or_code: str) -> None:
    """Say how somebody came, and explain every reward of theirs."""
    with ready():
        found = person_by_wallet(wallet_or_code) or owner_of_code(wallet_or_code)
        rewards = rewards_of(found.id, Place()).rows if found else ()
    if found is None:
        say_and_exit(Refusal(f"Nobody has the wallet or code {wallet_or_code}.", "Check how it is written."))
    came = ATTRIBUTIONS.get(found.attribution or "", "They have not signed up.")
    click.echo(f"{found.nickname} {found.wallet}: {came}" + (" BANNED" if found.banned_at else ""))
    for one in rewards:
        click.echo(f"#{one.id} {one.state}: {one.sentence}")


@group.command("close-preview")
@click.argument("period_id", type=int)
def close_preview_command(period_id: int) -> None:
    """Show what closing a period would pay. Only an admin at the desk closes one."""
    with ready():
        preview = close_preview(period_id)
    for line in preview.lines:
        click.echo(f"{line.rank:>4} {line.counted:>6} {sol(line.lamports):>16} SOL  {line.nickname}")
    click.echo(f"Altogether {sol(preview.lamports)} SOL.")


@group.command("what-if")
@with_terms
def what_if_command(**wishes: int | None) -> None:
    """Replay the last closed period under other terms: cost, winners, losers."""
    with ready():
        period = last_closed_period()
        if period is None:
            say_and_exit(Refusal("No period was closed yet.", "Close one first."))
        own = terms(period.programme_id)
        found = what_if_of(period.id, changed(own, **wishes))
    click.echo(
        f"The period of {period.name} would have cost {sol(found.would_be)} SOL instead of {sol(found.was)} SOL."
    )
    click.echo(
        f"{found.winners} would have earned more, {found.losers} less; {found.rejected} referrals were rejected."
    )


@group.command("programme")
@with_terms
@click.option("--from", "starts_at", type=click.DateTime(), help="When it begins, UTC; else at once.")
@click.option("--reason", required=True, help="Why the terms change.")
def programme_command(starts_at: datetime | None, reason: str, **wishes: int | None) -> None:
    """Make a version of the terms for signups to come; what is not named stays as it is."""
    try:
        with ready():
            begins = starts_at.replace(tzinfo=UTC) if starts_at else None
            wanted = changed(terms_at(begins or database_now()), **wishes)
            made = make_programme(wanted, starts_at=begins, reason=reason, by=SYSTEM)
    except Refusal as refusal:
        say_and_exit(refusal)
    click.echo(f"Version {made} holds for signups from {f'{begins:%F %T} UTC' if begins else 'now'} on.")


@group.command("retry")
@click.argument("kind", type=click.Choice(["referral", "reward", "contest"]))
@click.argument("number", type=int)
def retry_command(kind: str, number: int) -> None:
    """Begin again with work that was given up after eight tries."""
    try:
        with ready():
            retry(kind, number, by=SYSTEM)
    except Refusal as refusal:
        say_and_exit(refusal)
    click.echo(f"The {kind} {number} is tried again.")


def changed(own: Terms, *, signup: int | None, contest: int | None, window_days: int | None, cap: int | None) -> Terms:
    return Terms(
        own.version,
        signup_lamports=own.signup_lamports if signup is None else signup,
        contest_lamports=own.contest_lamports if contest is None else contest,
        milestones=own.milestones, places=own.places,
        window_days=window_days or own.window_days, hold_days=own.hold_days,
        cap_lamports=own.cap_lamports if cap is None else cap or None,
    )  # fmt: skip
