"""The accounts of the ledger, what each may hold, and the journals that move between them.

Lamports on a line are positive where an account has more or owes less, negative where it has less or owes more.
"""

HAVE, OWE = 1, -1
KINDS = (
    "pool", "fee", "prize_payable", "refund_payable", "referral_payable", "held", "hot_wallet", "network_fee",
    "suspense",
)  # fmt: skip
WE_HAVE = ("hot_wallet", "network_fee")
SIDES = {kind: HAVE if kind in WE_HAVE else OWE for kind in KINDS}
MAY_BE_ANYTHING = ("fee", "suspense")
"""Referral rewards and transfers out of our own money may make the platform's part negative for a while."""
JOURNALS = (
    "deposit", "entry_fees", "settlement", "refunds", "reward", "hold", "release", "payment", "failed_payment",
    "correction",
)  # fmt: skip
LEAVING = ("payment", "failed_payment")
"""Journals of what left the hot wallet, each under the reference of its attempt."""
PAYABLE = {"prize": "prize_payable", "refund": "refund_payable", "referral": "referral_payable"}
"""What is owed, by the kind of payout."""

Lines = dict[str, int]


def pool(contest_id: int) -> str:
    return f"pool:{contest_id}"


def entry_fees(contest_id: int, *, fees: int, sponsored: int = 0) -> Lines:
    """What players and sponsors paid in."""
    return _moved("hot_wallet", {pool(contest_id): fees + sponsored})


def settlement(contest_id: int, *, prizes: int, fee: int, dust: int, refunds: int) -> Lines:
    """A pool is divided: prizes, our fee with the dust, and the fees of the disqualified."""
    owed = {"prize_payable": prizes, "fee": fee + dust, "refund_payable": refunds}
    return _moved(pool(contest_id), owed)


def payment(paid: dict[str, int], *, network_fee: int) -> Lines:
    """Lamports by kind of payout leave the hot wallet, and what the network took."""
    lines = {PAYABLE[kind]: lamports for kind, lamports in paid.items()} | {"network_fee": network_fee}
    return _without_nothing(lines | {"hot_wallet": -sum(lines.values())})


def _moved(source: str, parts: Lines) -> Lines:
    """`source` has more (or owes less), the parts are owed."""
    lines = {name: -lamports for name, lamports in parts.items()}
    return _without_nothing(lines | {source: sum(parts.values())})


def moved(source: str, target: str, lamports: int) -> Lines:
    """The debt of one account becomes another's, or money comes for what is owed."""
    return _moved(source, {target: lamports})


def _without_nothing(lines: Lines) -> Lines:
    return {name: lamports for name, lamports in sorted(lines.items()) if lamports}
