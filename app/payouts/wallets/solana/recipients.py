"""Whether a wallet can take what is meant for it. One that cannot would make the whole transaction fail."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from solders import sysvar
from solders.pubkey import Pubkey

from app.payouts.wallets.port import Problem, Transfer

PROGRAMS = (
    "11111111111111111111111111111111",
    "ComputeBudget111111111111111111111111111111",
    "Vote111111111111111111111111111111111111111",
    "Stake11111111111111111111111111111111111111",
    "Config1111111111111111111111111111111111111",
    "AddressLookupTab1e1111111111111111111111111",
    "BPFLoader2111111111111111111111111111111111",
    "BPFLoaderUpgradeab1e11111111111111111111111",
    "TokenkegQfeZyiNwAJbNbGKPFXCWuBvf9Ss623VQ5DA",
    "TokenzQdBNbLqP5VEhdkAS6EPFLC1PHnBqCXEpPxuEb",
    "ATokenGPvbdGVxr1b2hvZbsiqW5xWH25efTNsLJA8knL",
    "MemoSq4gqABAXKb96qnH8TysNcWxMyWCqXgDLGmfcHr",
    "So11111111111111111111111111111111111111112",
    "1nc1nerator11111111111111111111111111111111",
)
SYSTEM_PROGRAM = PROGRAMS[0]
NOBODYS = "is a program or a sysvar, nobody's wallet"
ANOTHER_WALLET = "Hold it and ask the player for another wallet."


@dataclass(frozen=True)
class Found:
    """An account as the chain has it; no account at all is one with nothing in it."""

    lamports: int = 0
    owner: str = SYSTEM_PROGRAM
    is_executable: bool = False

    @classmethod
    def of(cls, account: Mapping[str, Any] | None) -> "Found":
        return cls() if account is None else cls(account["lamports"], account["owner"], account["executable"])


def reserved() -> frozenset[str]:
    """Addresses of programs, sysvars and the incinerator: money sent there is gone."""
    return frozenset({*PROGRAMS, *(str(value) for value in vars(sysvar).values() if isinstance(value, Pubkey))})


def problems_of_addresses(transfers: Sequence[Transfer], ours: str) -> Iterator[Problem]:
    """What an address itself shows, without asking anybody. An address has no checksum: it may still be wrong."""
    for transfer in transfers:
        reason = unfit(transfer.address, ours)
        if reason is not None:
            yield Problem(transfer.payout, f"{transfer.address} {reason}.", "player", ANOTHER_WALLET)


def problems_of_reserved(transfers: Sequence[Transfer]) -> Iterator[Problem]:
    """Lines whose money nobody would ever have again."""
    for transfer in transfers:
        if transfer.address in reserved():
            yield Problem(transfer.payout, f"{transfer.address} {NOBODYS}.", "player", ANOTHER_WALLET)


def unfit(address: str, ours: str = "") -> str | None:
    """Why money should not go there; None when the address looks like somebody's wallet."""
    try:
        key = Pubkey.from_string(address)
    except ValueError:
        return "is no Solana address"
    if address == ours:
        return "is our own hot wallet"
    if address in reserved():
        return NOBODYS
    return None if key.is_on_curve() else "is off the curve: it belongs to a program, and nobody holds its key"


def problems_of_accounts(
    transfers: Sequence[Transfer], found: Mapping[str, Found], rent_exempt: int
) -> Iterator[Problem]:
    """What the chain says about each account, with everything this order would add to it."""
    coming: dict[str, int] = {}
    for transfer in transfers:
        coming[transfer.address] = coming.get(transfer.address, 0) + transfer.lamports
    for transfer in transfers:
        account = found[transfer.address]
        if account.is_executable or account.owner != SYSTEM_PROGRAM:
            what = f"{transfer.address} is an account of the program {account.owner}, not a wallet."
            yield Problem(transfer.payout, what, "player", ANOTHER_WALLET)
        elif account.lamports + coming[transfer.address] < rent_exempt:
            yield _too_little(transfer, account, rent_exempt)


def _too_little(transfer: Transfer, account: Found, rent_exempt: int) -> Problem:
    has = "is empty" if account.lamports == 0 else f"holds {account.lamports} lamports"
    return Problem(
        transfer.payout,
        f"{transfer.address} {has}, and with {transfer.lamports} more it would stay below the {rent_exempt} lamports "
        "that the network asks of a wallet.",
        "player",
        f"Hold it until the player's wallet has at least {rent_exempt - transfer.lamports} lamports of its own.",
    )
