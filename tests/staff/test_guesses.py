"""Guessing is slowed, owners are not locked out."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from app.staff.models import SignInFailure
from app.staff.service.guesses import count_guess, forgive, guesser


def stranger(name: str = "ann", address: bytes = b"somewhere") -> int:
    return count_guess(guesser(name, known_device=None, address=address))


def let_time_pass(session: Session, **time: float) -> None:
    session.execute(
        update(SignInFailure).values(
            last_at=SignInFailure.last_at - timedelta(**time),
            blocked_until=SignInFailure.blocked_until - timedelta(**time),
        )
    )
    session.commit()


def test_five_guesses_are_free(session: Session) -> None:
    assert [stranger() for _ in range(6)] == [0, 0, 0, 0, 0, 1]


def test_waiting_doubles(session: Session) -> None:
    [stranger() for _ in range(5)]
    waits = []
    for _ in range(4):
        waits.append(stranger())
        let_time_pass(session, seconds=waits[-1])
        stranger()
    assert waits == [1, 2, 4, 8]


def test_few_guesses_in_six_hours_from_any_number_of_addresses(session: Session) -> None:
    evaluated, second = 0, 0
    while second < 6 * 3600:
        wait = stranger(address=str(second).encode())
        evaluated += wait == 0
        let_time_pass(session, seconds=wait)
        second += wait
    assert evaluated <= 38


def test_the_owner_is_free_of_strangers(session: Session) -> None:
    [stranger() for _ in range(30)]
    assert count_guess(guesser("ann", known_device="her laptop", address=b"somewhere")) == 0


def test_a_stolen_browser_is_slowed_too(session: Session) -> None:
    who = guesser("ann", known_device="her laptop", address=b"somewhere")
    assert [count_guess(who) for _ in range(6)][-1] == 1


def test_one_address_trying_many_accounts_is_slowed(session: Session) -> None:
    waits = [stranger(f"account{number}") for number in range(25)]
    assert waits[:20] == [0] * 20
    assert all(waits[20:])


def test_the_right_password_starts_the_count_anew(session: Session) -> None:
    who = guesser("ann", known_device=None, address=b"somewhere")
    for _ in range(4):
        count_guess(who)
    forgive(who)
    session.commit()
    assert [count_guess(who) for _ in range(5)] == [0] * 5


def test_knowing_one_password_does_not_clear_an_address(session: Session) -> None:
    for number in range(19):
        stranger(f"account{number}")
    for _ in range(5):
        who = guesser("own", known_device=None, address=b"somewhere")
        count_guess(who)
        forgive(who)
        session.commit()
    assert session.scalars(select(func.max(SignInFailure.fails))).one() == 19


def test_a_day_later_it_is_forgotten(session: Session) -> None:
    [stranger() for _ in range(5)]
    let_time_pass(session, hours=25)
    assert [stranger() for _ in range(5)] == [0] * 5


def test_names_are_counted_alike_in_any_case(session: Session) -> None:
    [stranger("ann") for _ in range(5)]
    assert stranger("ANN", address=b"elsewhere") == 1


def test_guesses_at_the_same_moment_all_count(committing: Flask) -> None:
    def guess(_number: int) -> bool:
        with committing.app_context():
            return stranger() == 0

    with ThreadPoolExecutor(8) as pool:
        evaluated = sum(pool.map(guess, range(30)))
    assert evaluated == 5


@pytest.mark.parametrize("address", [b"somewhere", b"elsewhere"])
def test_nothing_readable_is_kept(session: Session, address: bytes) -> None:
    stranger("ann", address)
    kept = b"".join(session.scalars(select(SignInFailure.key)))
    assert b"ann" not in kept
    assert address not in kept
