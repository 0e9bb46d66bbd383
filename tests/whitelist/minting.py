"""Mints as their programs make them, in an in-process chain."""

import struct
from dataclasses import dataclass
from functools import cache

from solders.instruction import AccountMeta, Instruction
from solders.keypair import Keypair
from solders.litesvm import LiteSVM
from solders.pubkey import Pubkey
from solders.system_program import CreateAccountParams, create_account
from solders.transaction import Transaction

from app.whitelist.chain.accounts import Account

CLASSIC = Pubkey.from_string("TokenkegQfeZyiNwAJbNbGKPFXCWuBvf9Ss623VQ5DA")
TOKEN_2022 = Pubkey.from_string("TokenzQdBNbLqP5VEhdkAS6EPFLC1PHnBqCXEpPxuEb")
SOMEBODY = Keypair.from_seed(b"s" * 32).pubkey()
NOBODY = Pubkey.default()
BASE = 166
INITIALIZE_MINT = 20


@dataclass(frozen=True)
class Asked:
    """An extension to make: the instruction that does, and the bytes it takes on the account."""

    instruction: bytes
    size: int


def key(holder: Pubkey | None = None) -> bytes:
    return bytes(holder or NOBODY)


def maybe(holder: Pubkey | None) -> bytes:
    return b"\0" if holder is None else b"\1" + bytes(holder)


def transfer_fee(bps: int, authority: Pubkey | None = None) -> Asked:
    return Asked(bytes([26, 0]) + maybe(authority) + maybe(None) + struct.pack("<HQ", bps, 10**9), 108)


def transfer_hook(program: Pubkey | None, authority: Pubkey | None = None) -> Asked:
    return Asked(bytes([36, 0]) + key(authority) + key(program), 64)


def default_state(state: int) -> Asked:
    return Asked(bytes([28, 0, state]), 1)


CLOSE_AUTHORITY = Asked(bytes([25]) + maybe(SOMEBODY), 32)
PERMANENT_DELEGATE = Asked(bytes([35]) + key(SOMEBODY), 32)
NON_TRANSFERABLE = Asked(bytes([32]), 0)
PAUSABLE = Asked(bytes([44, 0]) + key(SOMEBODY), 33)
INTEREST = Asked(bytes([33, 0]) + key(SOMEBODY) + struct.pack("<h", 500), 52)
SCALED = Asked(bytes([43, 0]) + key(SOMEBODY) + struct.pack("<d", 2.0), 56)
CONFIDENTIAL = Asked(bytes([27, 0]) + key() + b"\1" + key(), 65)
METADATA_POINTER = Asked(bytes([39, 0]) + key(SOMEBODY) + key(SOMEBODY), 64)
GROUP_POINTER = Asked(bytes([40, 0]) + key(SOMEBODY) + key(SOMEBODY), 64)
MEMBER_POINTER = Asked(bytes([41, 0]) + key(SOMEBODY) + key(SOMEBODY), 64)


@cache
def chain() -> LiteSVM:
    return LiteSVM()


def made(
    program: Pubkey = TOKEN_2022,
    *extensions: Asked,
    decimals: int = 6,
    freeze: Pubkey | None = None,
) -> Account:
    """The account of a fresh mint whose authority is SOMEBODY, as the chain holds it after the program made it."""
    payer, mint = Keypair(), Keypair()
    chain().airdrop(payer.pubkey(), 10**10)
    size = 82 if not extensions else BASE + sum(4 + asked.size for asked in extensions)
    mint_only = [AccountMeta(mint.pubkey(), False, True)]
    steps = [
        create_account(
            CreateAccountParams(
                from_pubkey=payer.pubkey(), to_pubkey=mint.pubkey(), lamports=10**8, space=size, owner=program
            )
        ),
        *(Instruction(program, asked.instruction, mint_only) for asked in extensions),
        Instruction(program, bytes([INITIALIZE_MINT, decimals]) + bytes(SOMEBODY) + maybe(freeze), mint_only),
    ]
    signed = Transaction.new_signed_with_payer(steps, payer.pubkey(), [payer, mint], chain().latest_blockhash())
    chain().send_transaction(signed)
    return read(mint.pubkey())


def read(address: Pubkey) -> Account:
    account = chain().get_account(address)
    assert account is not None
    return Account(str(account.owner), bytes(account.data))
