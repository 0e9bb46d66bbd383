"""One seeded life of payouts, with a crash at any commit and any call."""

import os
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from random import Random

from sqlalchemy import event, select, text

from app.core.extensions import db
from app.payouts.jobs.paying import Payer
from app.payouts.models import Batch
from app.payouts.queries.ledger import trial_balance
from app.payouts.service.ledger import deposit
from app.payouts.service.proposing import retry
from app.payouts.service.reconciling import reconcile
from tests.payouts.chain_of_tests import Chain, ChainWallet, Crash
from tests.payouts.people import SYSTEM_OF_TESTS, approved, batch_of, colleague, payouts_of, proposed, void_contest

SEEDS, MOST_TURNS = int(os.environ.get("SEEDS", "3000" if os.environ.get("LONG") == "1" else "3")), 600
DUE = text("UPDATE payout_batches SET next_try_at = clock_timestamp() WHERE state IN ('approved', 'paying')")


@dataclass
class Tally:
    doubled: int = 0
    missing: int = 0
    stuck: int = 0
    differences: int = 0
    crashes: int = 0

    @property
    def faults(self) -> int:
        return self.doubled + self.missing + self.stuck + self.differences


@contextmanager
def crashing(wallet: ChainWallet) -> Iterator[None]:
    """Every commit may be the last thing the process does, or the first that it does not."""

    def at_commit(_session: object) -> None:
        wallet.may_crash()

    for moment in ("before_commit", "after_commit"):
        event.listen(db.session, moment, at_commit)
    try:
        yield
    finally:
        for moment in ("before_commit", "after_commit"):
            event.remove(db.session, moment, at_commit)


def live_through(seed: int, wallet_of: Callable[[Chain], ChainWallet], payer_of: Callable[..., Payer]) -> Tally:
    rng, tally = Random(seed), Tally()
    chain = Chain(rng)
    wallet = wallet_of(chain)
    ann, ben = (colleague(f"{name}{seed}.{id(chain)}") for name in ("ann", "ben"))
    contest = void_contest(db.session(), rng.randint(1, 9), entry_fee_lamports=rng.randint(1, 10**6))
    deposit(10**6, reference=f"{seed}.{id(chain)}", reason="for fees", by=ann)
    batches = list(proposed(contest, ann, size=4).batches)
    for batch_id in batches:
        approved(batch_id, ben)
    db.session.expunge(contest)  # its key outlives every session that a crash takes
    for _ in range(MOST_TURNS):
        db.session.execute(DUE)
        db.session.commit()
        try:
            with crashing(wallet):
                payer_of(lambda: wallet).turn()
        except Crash:
            tally.crashes += 1
        finally:
            db.session.remove()
        chain.tick(rng.choice([1, 2, 5, 20, 60]))
        for batch_id in [one for one in batches if batch_of(one).state == "failed" and not batch_of(one).retried_by_id]:
            again = retry(batch_id, version=batch_of(batch_id).version, size=4, by=ann)
            batches += again.batches
            approved(again.batches[0], ben)
        if not db.session.scalars(select(Batch.id).where(Batch.state.in_(("approved", "paying")))).first():
            break
    chain.tick(400)
    payouts = payouts_of(contest)
    tally.doubled = sum(len(chain.arrived.get(one.id, [])) > 1 for one in payouts)
    tally.missing = sum(chain.arrived.get(one.id, [])[:1] != [one.lamports] for one in payouts)
    tally.stuck = sum(one.state != "paid" for one in payouts)
    found = reconcile(wallet.movements(None), by=SYSTEM_OF_TESTS)
    tally.differences = len(found) + (not trial_balance().is_balanced)
    return tally


def careful_lives(seeds: Iterable[int]) -> dict[int, Tally]:
    """Tallies of the seeds in which something went wrong, or nothing crashed at all."""
    lived = {seed: live_through(seed, ChainWallet, Payer) for seed in seeds}
    wrong = {seed: tally for seed, tally in lived.items() if tally.faults}
    return wrong if any(tally.crashes for tally in lived.values()) else lived
