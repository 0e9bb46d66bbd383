"""How long a list may be."""

from app.core.errors import Refusal
from app.payouts.wallets.choosing import chosen_wallet
from app.payouts.wallets.port import NotSigned


def largest_list() -> int:
    """The most payouts that the wallet moves at once."""
    try:
        return chosen_wallet().max_transfers
    except NotSigned as why:
        raise Refusal(why.what, why.fix) from why
