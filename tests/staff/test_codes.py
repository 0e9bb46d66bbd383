"""Codes of the second factor, pure."""

from base64 import b32encode
from datetime import UTC, datetime

import pytest
from flask import Flask
from hypothesis import given
from hypothesis import strategies as some

from app.core.keys import SealBroken, unseal
from app.staff.service import codes

SECRET = b32encode(b"12345678901234567890").decode()
NOW = datetime(2026, 3, 1, 12, 0, 10, tzinfo=UTC)
STEP = codes.step_of(NOW)


@pytest.mark.parametrize(
    ("second", "code"),
    [
        (59, "94287082"), (1111111109, "07081804"), (1111111111, "14050471"), (1234567890, "89005924"),
        (2000000000, "69279037"), (20000000000, "65353130"),
    ],
)  # fmt: skip
def test_the_vectors_of_rfc_6238(second: int, code: str) -> None:
    """Theirs have eight digits; ours are the last six, as the truncation is a remainder."""
    now = datetime.fromtimestamp(second, UTC)
    assert codes.code_at(SECRET, codes.step_of(now)) == code[-6:]
    assert codes.matching_step(SECRET, code[-6:], now) == second // 30


@pytest.mark.parametrize(("drift", "is_taken"), [(-2, False), (-1, True), (0, True), (1, True), (2, False)])
def test_half_a_minute_of_drift(drift: int, is_taken: bool) -> None:
    found = codes.matching_step(SECRET, codes.code_at(SECRET, STEP + drift), NOW)
    assert found == (STEP + drift if is_taken else None)


@pytest.mark.parametrize("typed", ["{0} {1}", " {0}-{1} "])
def test_spaces_do_not_matter(typed: str) -> None:
    code = codes.code_at(SECRET, STEP)
    assert codes.matching_step(SECRET, typed.format(code[:3], code[3:]), NOW) == STEP


@given(some.text(max_size=40))
def test_whatever_is_typed_is_only_right_when_it_is(typed: str) -> None:
    right = {codes.code_at(SECRET, STEP + drift) for drift in (-1, 0, 1)}
    assert (codes.matching_step(SECRET, typed, NOW) is not None) is (codes.plain(typed) in right)


def test_the_square_holds_a_ring_of_light_around_its_corner() -> None:
    drawn = codes.square(codes.app_address(SECRET, "ann"))
    assert drawn.outline.startswith("M4 4h7v1h-7z")
    assert drawn.size >= 29


def test_the_app_is_told_who_and_where() -> None:
    assert codes.app_address(SECRET, "ann").startswith("otpauth://totp/DegenDuel%20Ops:ann?secret=" + SECRET)


def test_recovery_codes_are_long_and_never_the_same() -> None:
    made = {codes.new_recovery_code() for _ in range(200)}
    assert len(made) == 200
    assert {len(codes.plain(code)) for code in made} == {16}


def test_a_secret_is_sealed_for_its_purpose(app: Flask) -> None:
    with app.app_context():
        kept = codes.sealed(SECRET)
        assert SECRET.encode() not in kept
        assert codes.unsealed(kept) == SECRET
        with pytest.raises(SealBroken):
            unseal("something else", kept)
