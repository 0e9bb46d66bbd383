"""`flask contests evaluate | show | evidence`"""

import json
import sys
from pathlib import Path
from typing import Any

import click

from app.contests.cli import group
from app.contests.cli.acting import acting
from app.contests.queries.summary import contest_summary
from app.contests.rules.needs import count_of, reason_words
from app.contests.service.evaluation import Outcome, evaluate, fail
from app.contests.service.evidence import write_evidence
from app.contests.service.locking import NoSuchContest
from app.core import live
from app.core.errors import Refusal
from app.core.formats import sol
from app.core.plainly import ready
from app.core.progress import drawn

as_json = click.option("--json", "as_json", is_flag=True, help="Print one JSON document and nothing else.")


@group.command("evaluate")
@click.argument("code")
@click.option("--dry-run", is_flag=True, help="Compute everything, write nothing.")
@click.option("--reason", help="Why a proposed contest is evaluated again.")
@click.option("--as", "name", help="Act for this account in the audit log.")
@as_json
def evaluate_command(code: str, dry_run: bool, reason: str | None, name: str | None, as_json: bool) -> None:
    """Evaluate the contest CODE now: settlement prices, scores, ranks, ties, prizes, as a draft."""
    with ready():
        by = acting(name, "contests:contest:evaluate")
        try:
            with drawn() as progress:
                outcome = evaluate(
                    code, by=by, progress=progress, dry_run=dry_run, reason=reason, with_document=as_json
                )
        except (Refusal, KeyboardInterrupt):
            raise
        except Exception as error:
            if not dry_run:
                fail(code, error, by=by)
            raise
    if not dry_run:
        live.emit("contest.evaluated", {"code": code})
    click.echo(json.dumps(outcome.document, ensure_ascii=False) if as_json else _sentence(outcome, dry_run))


@group.command("show")
@click.argument("code")
@as_json
def show_command(code: str, as_json: bool) -> None:
    """Show where the contest CODE stands: state, blockers, published result, versions."""
    with ready():
        found = contest_summary(code)
        if found is None:
            raise NoSuchContest(code)
    click.echo(json.dumps(found, ensure_ascii=False) if as_json else "\n".join(_lines(found)))


@group.command("evidence")
@click.argument("code")
@click.option("--out", "out", required=True, type=click.Path(dir_okay=False, path_type=Path), help="File to write.")
@click.option("--version", type=click.IntRange(min=1), help="An evaluation other than the current one.")
def evidence_command(code: str, out: Path, version: int | None) -> None:
    """Write the evidence bundle of the contest CODE; `python app/contests/verify.py FILE` proves it anywhere."""
    with ready():
        bundle = write_evidence(code, version)
    try:
        out.write_bytes(bundle)
    except OSError as error:
        click.echo(f"{out} cannot be written: {error.strerror}.", err=True)
        sys.exit(1)
    click.echo(f"Wrote {out}, {len(bundle):,} bytes.")


def _sentence(outcome: Outcome, dry_run: bool) -> str:
    document = outcome.document
    tried = " (a dry run: nothing was written)" if dry_run else ""
    if outcome.kind == "void":
        back = count_of(len(document["refunds"]), "refund")
        return f"Contest {outcome.code} is void, too few participants: {back}{tried}."
    if outcome.kind == "delayed":
        why = "; ".join(f"{one.symbol}: {' and '.join(reason_words(one.reasons))}" for one in outcome.problems)
        return f"Contest {outcome.code} is delayed, the market data is not valid: {why}{tried}."
    agreed = {
        "same": "the second evaluator agrees", "different": f"the second evaluator DISAGREES: {outcome.note}",
        "skipped": "too large for the second evaluator",
    }[outcome.verified or "skipped"]  # fmt: skip
    return f"Contest {outcome.code} is evaluated as draft v{outcome.version}; {agreed}{tried}."


def _lines(found: dict[str, Any]) -> list[str]:
    lines = [f"{found['code']}  {found['name']}  {found['state'].replace('_', ' ')}"]
    lines += [f"blocked: {blocker['text']}" for blocker in found["blockers"]]
    for one in found["versions"]:
        lines.append(
            f"v{one['version']} {one['state']}, {one['evaluated_at']}, pool {sol(one['pool_lamports'])} SOL, "
            f"prizes {sol(one['prizes_lamports'])} SOL, {count_of(one['open_ties'], 'open tie')}, {one['verified']}"
        )
    return lines
