"""Once a minute: the books with themselves, and with the wallet."""

from collections.abc import Callable

import structlog

from app.audit.rules import SYSTEM
from app.core import live
from app.core.asking import Unreachable
from app.payouts.queries.freezes import is_reconciliation_due
from app.payouts.service.reconciling import reconcile, starting_point
from app.payouts.wallets.choosing import chosen_wallet
from app.payouts.wallets.port import Movement, NotSigned, Wallet

log = structlog.get_logger(__name__)
EVERY_S = 60


def reconcile_due() -> bool:
    if not is_reconciliation_due(EVERY_S):
        return False
    if reconcile(movements_of(chosen_wallet), by=SYSTEM):
        live.emit("freeze.changed", {})
    return True


def movements_of(wallet: Callable[[], Wallet]) -> list[Movement] | None:
    """What left since the last look; None when the wallet does not say."""
    try:
        return list(wallet().movements(starting_point()))
    except (Unreachable, NotSigned) as why:
        log.warning("wallet not reconciled", problem=str(why))
        return None
