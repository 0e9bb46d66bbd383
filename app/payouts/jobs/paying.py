"""Sign → store → send → follow → settle. A crash between any two of them pays exactly once."""

from collections.abc import Callable
from datetime import timedelta

import structlog

from app.core import live
from app.core.asking import Unreachable
from app.core.extensions import db
from app.payouts.queries.freezes import is_frozen
from app.payouts.service import paying, settling
from app.payouts.service.paying import NotNow, Signed, ToSign
from app.payouts.wallets.choosing import chosen_wallet
from app.payouts.wallets.port import Expired, LandedErr, LandedOk, NotSigned, Outcome, Pending, Unpayable, Wallet

log = structlog.get_logger(__name__)
AT_ONCE = timedelta(0)


def pay_due() -> bool:
    """Whether a batch was due."""
    return Payer(chosen_wallet).turn()


class Payer:
    """One worker at one wallet. Each method does one thing; none calls the wallet inside a transaction."""

    def __init__(self, wallet: Callable[[], Wallet]) -> None:
        self._chosen = wallet

    def _wallet(self) -> Wallet:
        """It may take a minute to answer: what was read before is over, so that no transaction waits for it."""
        db.session.rollback()
        return self._chosen()

    def turn(self) -> bool:
        due = paying.claim()
        if due is None:
            return False
        if isinstance(due, ToSign):
            self.sign(due)
        else:
            self.follow(due)
        batch = due.order.batch if isinstance(due, ToSign) else due.batch_id
        live.emit("batch.changed", {"id": batch})
        return True

    def sign(self, order: ToSign) -> None:
        """Nothing is sent that is not stored first."""
        batch = order.order.batch
        try:
            paying.may_sign(order)
            signed = paying.keep(order, self._wallet().prepare(order.order))
        except NotNow as why:
            paying.look_again(
                batch, str(why), whose_fault="platform", next_step="It goes on by itself when there is room."
            )
        except Unpayable as found:
            settling.refuse_lines(batch, found.problems)
        except NotSigned as why:
            paying.look_again(batch, why.what, whose_fault="platform", next_step=why.fix)
        except Unreachable as why:
            paying.look_again(batch, str(why), next_step="It is tried again by itself.")
        else:
            self.send(signed)
            paying.look_again(batch, after=AT_ONCE)

    def send(self, signed: Signed) -> None:
        """Whatever comes back, or nothing: it is sent, and only its outcome counts."""
        if is_frozen():
            return
        try:
            self._wallet().send(signed.prepared)
        except Exception as error:
            log.info("sending ended unknown", reference=signed.prepared.reference, problem=repr(error))
        paying.note_sent(signed.attempt_id)

    def follow(self, signed: Signed) -> None:
        outcome = self.outcome(signed)
        if isinstance(outcome, LandedOk):
            settling.settle(signed.attempt_id, outcome)
        elif isinstance(outcome, LandedErr):
            settling.fail(signed.attempt_id, outcome)
        elif isinstance(outcome, Expired):
            settling.expire(signed.attempt_id, outcome)
        else:
            self.send(signed)
            paying.look_again(signed.batch_id, outcome.reason, next_step="The same bytes are sent again by themselves.")

    def outcome(self, signed: Signed) -> Outcome:
        try:
            return self._wallet().outcome(signed.prepared)
        except Unreachable as why:
            return Pending(str(why))
