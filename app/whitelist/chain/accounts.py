"""Mint accounts from their raw bytes, as the SPL Token and Token-2022 programs lay them out."""

from collections.abc import Iterator
from dataclasses import dataclass

from solders.pubkey import Pubkey
from solders.token.state import Mint as Layout

from app.whitelist.rules.extensions import Extension
from app.whitelist.rules.mints import PROGRAMS, Mint

SIZE = 82
KIND_AT = 165
"""Where Token-2022 says what an account is, behind the size of a token account."""
A_MINT = 1
MULTISIG_SIZE = 355
HEAD = 4
END = 0


class NoMint(Exception):
    """An account that is no mint; the words say what it is instead."""


@dataclass(frozen=True)
class Account:
    """An account as a node tells it: the address of the program that owns it, and its bytes."""

    owner: str
    data: bytes


def address(text: str) -> Pubkey:
    """ValueError unless the text is the one spelling of 32 bytes in base58."""
    key = Pubkey.from_string(text)
    if str(key) != text:
        raise ValueError(text)
    return key


def mint_of(account: Account) -> Mint:
    """The mint in an account; NoMint tells why there is none."""
    if account.owner not in PROGRAMS:
        raise NoMint(f"an account of the program {account.owner}")
    _check_size(account)
    layout = _layout(account.data[:SIZE])
    return Mint(
        program=account.owner,
        decimals=layout.decimals,
        supply=layout.supply,
        mint_authority=_spelt(layout.mint_authority),
        freeze_authority=_spelt(layout.freeze_authority),
        extensions=tuple(_extensions(account.data[KIND_AT + 1 :])),
    )


def _layout(data: bytes) -> Layout:
    try:
        return Layout.from_bytes(data)
    except ValueError as error:
        raise NoMint("bytes that were never initialised as a mint") from error


def _check_size(account: Account) -> None:
    data, is_classic = account.data, PROGRAMS[account.owner] == "SPL Token"
    if len(data) == SIZE:
        return
    if is_classic or len(data) == MULTISIG_SIZE or len(data) <= KIND_AT:
        raise NoMint(f"an account of {len(data)} bytes, where a mint has {SIZE}")
    if data[KIND_AT] != A_MINT or any(data[SIZE:KIND_AT]):
        raise NoMint("somebody's token account, not the mint")


def _extensions(rest: bytes) -> Iterator[Extension]:
    """Entries of two bytes number, two bytes length and their data, until a zero or the end."""
    while len(rest) >= HEAD:
        kind, size = int.from_bytes(rest[:2], "little"), int.from_bytes(rest[2:HEAD], "little")
        if kind == END:
            return
        if len(rest) < HEAD + size:
            raise NoMint("a mint whose extensions end in the middle")
        yield Extension(kind, rest[HEAD : HEAD + size])
        rest = rest[HEAD + size :]


def _spelt(key: Pubkey | None) -> str | None:
    return None if key is None else str(key)
