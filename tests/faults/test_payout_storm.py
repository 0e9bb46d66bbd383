"""Four workers killed again and again, PostgreSQL restarted, a chain that loses and forks: everybody is paid once."""

import json
import os
import signal
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory

import pytest
from flask import Flask

from app.audit.service import verify as verify_audit
from app.config import Config
from app.contests.models import Entry, Player
from app.core import engines
from app.core.extensions import db
from app.core.solana import nodes
from app.payouts.queries.freezes import open_freezes
from app.payouts.queries.ledger import balance_of, trial_balance
from app.payouts.service.ledger import deposit
from app.payouts.service.reconciling import reconcile
from app.payouts.wallets.solana.signing import SignerSocket, socket_path
from app.payouts.wallets.solana.wallet import SolanaWallet
from tests.contests.rows import contest_row, lead
from tests.faults.markets import Place, place
from tests.faults.workers import Nursery, nursery
from tests.payouts.chain.running import Running, chain
from tests.payouts.people import SYSTEM_OF_TESTS, approved, colleague, proposed
from tests.payouts.wallets.hot import SOL, address_of
from tests.payouts.wallets.signers import signer_process

LONG = os.environ.get("LONG") == "1"
STORM_S, BATCHES, BLOCK_MS, RESTART_EVERY = (120, 240, 40, 20) if LONG else (3, 6, 20, 3)
TEAM, KILL_EVERY_S, EACH, LAMPORTS, PATIENCE_S = 4, 0.5, 2, 1_000_000, 240
UNRELIABLE = {
    "drop": 0.1, "delay": 0.1, "delay_s": 0.1, "duplicate": 0.2, "reorder": 0.1, "stale": 0.1, "refuse": 0.05,
    "loses": 0.2, "forks": 0.1, "slowest": 30,
}  # fmt: skip
SPREAD = "UPDATE payout_batches SET next_try_at = now() + make_interval(secs => {}::float * id / {}) RETURNING id"
OF_THE_DEAD = "UPDATE payout_batches SET next_try_at = now() WHERE next_try_at > now() + interval '3 s' RETURNING id"
TROUBLE = "SELECT kind, reason FROM payout_freezes UNION SELECT state, last_problem FROM payout_batches"
UNPAID = "SELECT count(*) FROM payouts WHERE state <> 'paid'"
FIGURES = """
SELECT (SELECT count(*) FROM payouts), (SELECT count(*) FROM payout_batches WHERE state = 'paid'), count(*),
  count(*) FILTER (WHERE state = 'expired'), sum(greatest(sends - 1, 0)), count(*) FILTER (WHERE sends = 0),
  (SELECT count(*) FROM ledger_journals WHERE kind = 'payment')
FROM payout_attempts
"""
NAMES = ("payouts", "batches", "attempts", "expired", "sent_again", "never_sent", "payments")
pytestmark = pytest.mark.faults


@pytest.fixture
def home() -> Iterator[Path]:
    with TemporaryDirectory(prefix="duel-payouts-") as name:
        folder = Path(name)
        folder.chmod(0o755)
        yield folder
        engines.remove(folder)


def debts(app: Flask) -> Counter[tuple[str, int]]:
    """Refunds of a void contest, approved by a second person; who is owed what."""
    with app.app_context():
        ann, ben, session = colleague("ann"), colleague("ben"), db.session()
        contest = contest_row(session, entries_count=BATCHES * EACH, entry_fee_lamports=LAMPORTS)
        for number in range(1, BATCHES * EACH + 1):
            player = Player(wallet=address_of(number), nickname=f"player{number}")
            session.add(player)
            session.flush()
            session.add(
                Entry(contest_id=contest.id, player_id=player.id, nickname=player.nickname, joined_at=contest.starts_at)
            )
        lead(session, contest, "void")
        deposit(SOL, reference="ours", reason="for the fees of the network", by=ann)
        for batch_id in proposed(contest, ann, size=EACH).batches:
            approved(batch_id, ben)
        db.session.remove()
        db.engine.dispose()
    return Counter((address_of(number), LAMPORTS) for number in range(1, BATCHES * EACH + 1))


def rage(here: Place, team: Nursery, rng: Random) -> dict[str, int]:
    struck, until = {"kills": 0, "restarts": 0}, time.monotonic() + STORM_S
    here.ask(SPREAD.format(STORM_S, BATCHES))
    while time.monotonic() < until:
        time.sleep(KILL_EVERY_S)
        team.kill(rng.randrange(TEAM))
        team.hire()
        struck["kills"] += 1
        if struck["kills"] % RESTART_EVERY == 0:
            restart(here, rng)
            struck["restarts"] += 1
    return struck


def restart(here: Place, rng: Random) -> None:
    """Politely, or in the middle of everything."""
    if rng.random() < 0.5:
        engines.stop(here.home, names=["PostgreSQL"])
    else:
        os.kill(here.server("PostgreSQL"), signal.SIGQUIT)
    engines.ensure_postgres(here.home)


def settle(here: Place) -> float:
    """How long it took until nobody waited any more. Only the long form waits for the leases of the dead."""
    began = time.monotonic()
    while left := here.ask(UNPAID)[0][0]:
        assert time.monotonic() < began + PATIENCE_S, (left, here.ask(TROUBLE))
        if not LONG:
            here.ask(OF_THE_DEAD)
        time.sleep(0.2)
    return time.monotonic() - began


def environment(settings: Config, solana: Running) -> dict[str, str]:
    return {
        "DATABASE_URL": settings.database_url, "REDIS_URL": settings.redis_url, "SECRET_KEY": settings.secret_key,
        "INSTANCE_PATH": str(settings.instance_path), "WALLET": "solana", "SOLANA_RPC_URLS": solana.addresses,
    }  # fmt: skip


def the_books_are_those_of_the_chain(solana: Running, settings: Config) -> None:
    fees = sum(one["fee"] for one in solana.history())
    assert balance_of("refund_payable") == 0
    assert balance_of("hot_wallet") == SOL - fees
    assert solana.balance(address_of(0)) == 100 * SOL - fees - BATCHES * EACH * LAMPORTS
    seen = SolanaWallet(nodes(solana.addresses), SignerSocket(socket_path(settings))).movements(None)
    assert reconcile(seen, by=SYSTEM_OF_TESTS) == []
    assert (open_freezes(), trial_balance().is_balanced, verify_audit().fault) == ([], True, None)


def test_everybody_is_paid_once_on_the_chain_and_in_the_books(home: Path) -> None:
    seed = int(os.environ.get("SEED", time.time_ns() % 10**6))
    rng = Random(seed)
    with place(home) as here, chain(seed=seed, block_ms=BLOCK_MS) as solana:
        settings = replace(
            here.app.config["SETTINGS"], database_url=engines.postgres_address(home),
            redis_url=engines.valkey_address(home),
        )  # fmt: skip
        owed = debts(here.app)
        solana.airdrop(address_of(0), 100 * SOL)
        with (
            signer_process(settings, solana, home),
            nursery(environment(settings, solana), home / "workers.log") as team,
        ):
            solana.faults(**UNRELIABLE)
            for _ in range(TEAM):
                team.hire()
            struck = rage(here, team, rng)
            solana.faults(loses=0, forks=0)
            quiet_s = settle(here)
            team.kill_all()
            landed = [one for one in solana.history() if one["ok"]]
            assert Counter(tuple(line) for one in landed for line in one["transfers"]) == owed, seed
            with here.app.app_context():
                the_books_are_those_of_the_chain(solana, settings)
                db.session.remove()
        figures = dict(zip(NAMES, here.ask(FIGURES)[0], strict=True))
    assert figures["payments"] == BATCHES
    print(json.dumps({"seed": seed, **struck, "quiet_s": round(quiet_s, 1), **figures}, default=int))
