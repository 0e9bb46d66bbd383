"""Names, passwords, waiting, and where a sign-in may lead."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.staff.rules import name_problem, password_problem, safe_next, wait_s


@pytest.mark.parametrize("name", ["ann", "Ann.Lee-2", "7x", "a" * 32])
def test_plain_names_are_fine(name: str) -> None:
    assert name_problem(name) is None


@pytest.mark.parametrize("name", ["", "a", "a" * 33, "ann lee", "-ann", "änn", "ann\n", "ann/x"])
def test_other_names_are_refused(name: str) -> None:
    assert "2 to 32" in str(name_problem(name))


@pytest.mark.parametrize(
    "password", ["gravel unhurried otter", "Tr0ub4dor&3 sat on a lamp", "пять слов на русском", "x7#Qm2!vLp9@Wz4$"]
)
def test_good_passwords(password: str) -> None:
    assert password_problem(password, name="ann") is None


@pytest.mark.parametrize(
    ("password", "says"),
    [
        ("short", "at least 15"),
        ("fourteen chars", "This has 14"),
        ("x" * 129, "at most 128"),
        ("passwordpassword", "easy to guess"),
        ("P@ssw0rd12345678", "easy to guess"),
        ("qwertyuiopasdfghjkl", "easy to guess"),
        ("aaaaaaaaaaaaaaaaaaaa", "easy to guess"),
        ("abcabcabcabcabcabc", "easy to guess"),
        ("degenduel-admin-2026", "easy to guess"),
        ("correcthorsebatterystaple", "easy to guess"),
        ("123456789012345678", "easy to guess"),
        ("letmein letmein letmein", "easy to guess"),
        ("annabelle.annabelle", "easy to guess"),
    ],
)
def test_bad_passwords_say_why(password: str, says: str) -> None:
    assert says in str(password_problem(password, name="annabelle"))


def test_the_account_name_is_no_password() -> None:
    assert "account name" in str(password_problem("zoe.winterbourne", name="Zoe-Winterbourne"))


@given(st.text(max_size=200), st.text(max_size=40))
def test_any_text_gets_an_answer(password: str, name: str) -> None:
    problem = password_problem(password, name=name)
    assert problem is None or problem.endswith((".", "other.")) or problem[-2].isdigit()


@pytest.mark.parametrize(
    ("fails", "seconds"), [(0, 0), (4, 0), (5, 1), (6, 2), (7, 4), (14, 512), (15, 900), (10_000, 900)]
)
def test_waiting_doubles_to_a_quarter_hour(fails: int, seconds: int) -> None:
    assert wait_s(fails) == seconds


@pytest.mark.parametrize("address", ["/", "/contests/42?q=is:tied", "/audit?q=a@b"])
def test_our_own_addresses_are_followed(address: str) -> None:
    assert safe_next(address) == address


@pytest.mark.parametrize(
    "address",
    [
        None, "", "contests", "//evil.example", "///evil.example", "/\\evil.example", "\\/evil.example", "http://evil",
        "https:evil.example", "javascript:alert(1)", "/\t/evil.example", "/\n/evil.example", "/a\\b", " /contests",
        "/contests\r\nSet-Cookie: x", "//user@evil.example", "/\u2028x",
    ],
)  # fmt: skip
def test_other_addresses_lead_home(address: str | None) -> None:
    assert safe_next(address) == "/"


@given(st.text(alphabet="/\\:@.eviLx\t\n ", max_size=12))
def test_no_text_leads_elsewhere(address: str) -> None:
    followed = safe_next(address)
    assert followed.startswith("/")
    assert not followed.startswith(("//", "/\\"))
