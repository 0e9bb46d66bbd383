"""What the bytes of an account say: mints of both programs as these make them, and everything that is none."""

import os
import struct
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from solders.pubkey import Pubkey
from solders.token.state import Mint as Layout

from app.whitelist.chain.accounts import Account, NoMint, address, mint_of
from app.whitelist.rules.mints import lines_of
from tests.whitelist import minting
from tests.whitelist.minting import CLASSIC, SOMEBODY, TOKEN_2022, Asked, made

ALPHABET = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"
SYSTEM = "11111111111111111111111111111111"
NOTHING = bytes(83)
"""What lies between a mint's own bytes and those that say what the account is."""


def layout(**changes: Any) -> bytes:
    facts: dict[str, Any] = {"supply": 1, "decimals": 6, "mint_authority": None, "freeze_authority": None}
    return bytes(Layout(**{"is_initialized": True} | facts | changes))


def extended(*entries: tuple[int, bytes], kind: int = 1) -> Account:
    tail = b"".join(struct.pack("<HH", number, len(data)) + data for number, data in entries)
    return Account(str(TOKEN_2022), layout() + NOTHING + bytes([kind]) + tail)


def verdicts(account: Account) -> dict[str, str]:
    return {line.check: line.verdict for line in lines_of(mint_of(account))}


@pytest.mark.parametrize("program", [CLASSIC, TOKEN_2022])
def test_a_mint_is_read_as_its_program_made_it(program: Pubkey) -> None:
    mint = mint_of(made(program, decimals=9, freeze=SOMEBODY))
    assert (mint.program, mint.decimals, mint.supply) == (str(program), 9, 0)
    assert mint.mint_authority == mint.freeze_authority == str(SOMEBODY)


@pytest.mark.parametrize(
    ("asked", "verdict"),
    [
        (minting.transfer_fee(0), "pass"),
        (minting.transfer_fee(0, SOMEBODY), "warn"),
        (minting.transfer_fee(1), "fail"),
        (minting.transfer_hook(None, SOMEBODY), "warn"),
        (minting.transfer_hook(SOMEBODY), "fail"),
        (minting.default_state(1), "pass"),
        (minting.default_state(2), "fail"),
        (minting.CLOSE_AUTHORITY, "fail"),
        (minting.PERMANENT_DELEGATE, "fail"),
        (minting.NON_TRANSFERABLE, "fail"),
        (minting.PAUSABLE, "fail"),
        (minting.INTEREST, "warn"),
        (minting.SCALED, "warn"),
        (minting.CONFIDENTIAL, "warn"),
        (minting.METADATA_POINTER, "pass"),
        (minting.GROUP_POINTER, "pass"),
        (minting.MEMBER_POINTER, "pass"),
    ],
)
def test_each_extension_is_judged_on_a_mint_that_has_it(asked: Asked, verdict: str) -> None:
    extension = mint_of(made(TOKEN_2022, asked, freeze=SOMEBODY)).extensions[0]
    assert verdicts(made(TOKEN_2022, asked, freeze=SOMEBODY))[f"extension:{extension.kind}"] == verdict


@pytest.mark.parametrize(("kind", "verdict"), [(19, "pass"), (21, "pass"), (23, "pass"), (16, "warn"), (24, "warn")])
def test_extensions_that_others_write_are_judged_by_their_number(kind: int, verdict: str) -> None:
    assert verdicts(extended((kind, b"anything")))[f"extension:{kind}"] == verdict


@pytest.mark.parametrize("kind", [2, 5, 7, 28, 999, 65535])
def test_what_the_list_does_not_name_fails(kind: int) -> None:
    assert verdicts(extended((kind, bytes(8))))[f"extension:{kind}"] == "fail"


@pytest.mark.parametrize(("kind", "size"), [(12, 32), (3, 32), (26, 33)])
def test_a_power_that_was_given_up_passes(kind: int, size: int) -> None:
    assert verdicts(extended((kind, bytes(size))))[f"extension:{kind}"] == "pass"


def test_the_fee_of_either_epoch_counts() -> None:
    old = bytes(64 + 8 + 16) + struct.pack("<H", 30) + bytes(18)
    new = bytes(64 + 8 + 16 + 2 + 16) + struct.pack("<H", 30)
    assert len(old) == len(new) == 108
    assert {verdicts(extended((1, data)))["extension:1"] for data in (old, new)} == {"fail"}


def test_several_extensions_are_all_read() -> None:
    mint = mint_of(made(TOKEN_2022, minting.METADATA_POINTER, minting.PERMANENT_DELEGATE))
    assert [extension.name for extension in mint.extensions] == ["metadata pointer", "permanent delegate"]


@pytest.mark.parametrize(
    ("account", "words"),
    [
        (Account(SYSTEM, b""), "an account of the program 1111"),
        (Account(str(SOMEBODY), layout()), "an account of the program"),
        (Account(str(CLASSIC), layout(is_initialized=False)), "never initialised"),
        (Account(str(CLASSIC), bytes(165)), "an account of 165 bytes, where a mint has 82"),
        (Account(str(CLASSIC), bytes(355)), "an account of 355 bytes"),
        (Account(str(CLASSIC), layout()[:81]), "an account of 81 bytes"),
        (Account(str(CLASSIC), layout() + NOTHING + b"\1"), "an account of 166 bytes"),
        (Account(str(TOKEN_2022), bytes(165)), "an account of 165 bytes"),
        (Account(str(TOKEN_2022), bytes(355)), "an account of 355 bytes"),
        (Account(str(TOKEN_2022), b""), "an account of 0 bytes"),
        (extended(kind=2), "token account"),
        (Account(str(TOKEN_2022), layout() + b"\1" * 83 + b"\1"), "token account"),
        (Account(str(TOKEN_2022), layout() + NOTHING + b"\1" + b"\x12\0\xff\0" + bytes(9)), "end in the middle"),
    ],
)
def test_what_is_no_mint_is_named(account: Account, words: str) -> None:
    with pytest.raises(NoMint, match=words):
        mint_of(account)


@pytest.mark.parametrize(
    ("changes", "check", "verdict"),
    [
        ({}, "mint_authority", "pass"),
        ({"mint_authority": SOMEBODY}, "mint_authority", "warn"),
        ({"freeze_authority": SOMEBODY}, "freeze_authority", "warn"),
        ({"supply": 0}, "supply", "fail"),
        ({"decimals": 12}, "decimals", "pass"),
        ({"decimals": 13}, "decimals", "fail"),
        ({"supply": 2**64 - 1}, "supply", "pass"),
    ],
)
def test_each_line_of_a_mint(changes: dict[str, Any], check: str, verdict: str) -> None:
    assert verdicts(Account(str(CLASSIC), layout(**changes)))[check] == verdict


@given(st.binary(max_size=400), st.sampled_from([str(CLASSIC), str(TOKEN_2022), SYSTEM]))
@settings(max_examples=500)
def test_any_bytes_are_a_mint_or_a_refusal(data: bytes, owner: str) -> None:
    try:
        mint = mint_of(Account(owner, data))
    except NoMint:
        return
    assert len(list(lines_of(mint))) == 5 + len(mint.extensions)


@pytest.mark.parametrize(
    "text",
    [
        "", "1", SYSTEM[:-1], SYSTEM + "1", f" {CLASSIC}", f"{CLASSIC}\n", f"{CLASSIC}\0", str(CLASSIC)[:-1],
        str(CLASSIC).replace("T", "0"), str(CLASSIC).replace("T", "\u0422"), "O" * 44, "l" * 44, "z" * 44,
        "\u0661" * 44, "0x" + "a" * 42,
    ],
)  # fmt: skip
def test_what_is_no_address_is_refused(text: str) -> None:
    with pytest.raises(ValueError):  # noqa: PT011 (each kind has words of its own)
        address(text)


@given(st.one_of(st.text(max_size=50), st.text(ALPHABET, max_size=46)))
@settings(max_examples=10_000 if "LONG" in os.environ else 1_000)
def test_every_address_taken_has_one_spelling_and_32_bytes(text: str) -> None:
    try:
        taken = address(text)
    except ValueError:
        return
    assert str(taken) == text
    assert len(bytes(taken)) == 32


def test_an_address_off_the_curve_may_be_a_mint() -> None:
    derived, _ = Pubkey.find_program_address([b"mint"], TOKEN_2022)
    assert not derived.is_on_curve()
    assert address(str(derived)) == derived
