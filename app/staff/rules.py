"""What names and passwords must be like, how long a guesser waits, and where a sign-in may lead."""

import re
from datetime import timedelta
from urllib.parse import urlsplit

ROLES = {
    "admin": "Admin: everything",
    "support": "Support: looks everything up, adds notes, does errands",
    "wall": "Wall: only its screen",
}
NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{1,31}")
SHORTEST, LONGEST = 15, 128
SURPRISING = 8
"""Characters of a password that must remain once everything easily guessed is taken out."""
SESSIONS_PER_ACCOUNT = 5
PROOF_LASTS = timedelta(minutes=5)
"""How long somebody need not prove again who they are."""

KEYBOARD_RUNS = ("abcdefghijklmnopqrstuvwxyz", "01234567890", "qwertyuiop", "asdfghjkl", "zxcvbnm", "qazwsxedcrfvtgb")
COMMON_WORDS = (
    "correcthorsebatterystaple", "administrator", "thisismypassword", "degenduel", "password", "passwort",
    "passphrase", "changeme", "whatever", "superman", "princess", "sunshine", "football", "baseball", "trustno",
    "starwars", "letmein", "iloveyou", "welcome", "support", "dragon", "monkey", "shadow", "master", "secret",
    "solana", "crypto", "contest", "trading", "qwerty", "access", "admin", "login", "hello", "guest", "please",
    "staff", "duel", "ops", "root", "test", "user", "pass", "love", "moon", "spring", "summer", "autumn",
    "winter", "monday", "friday", "january", "december",
)  # fmt: skip
LOOK_ALIKES = str.maketrans({"0": "o", "1": "l", "3": "e", "4": "a", "5": "s", "7": "t", "@": "a", "$": "s", "!": "i"})


def name_problem(name: str) -> str | None:
    if NAME.fullmatch(name):
        return None
    return "Use 2 to 32 letters, digits, dots, dashes or underscores, beginning with a letter or digit."


def password_problem(password: str, *, name: str) -> str | None:
    """Why this may not be the password of that account, in words for its owner; None when it may."""
    if len(password) < SHORTEST:
        return f"Use at least {SHORTEST} characters, such as a few unrelated words. This has {len(password)}."
    if len(password) > LONGEST:
        return f"Use at most {LONGEST} characters. This has {len(password)}."
    if name and _plain(name) == _plain(password):
        return "The password is the account name. Choose something else."
    if len(_surprising(password, name)) < SURPRISING:
        return (
            "This is easy to guess: it is made of very common words, the account name, sequences or repetitions. "
            "Add words that have nothing to do with each other."
        )
    return None


def _plain(text: str) -> str:
    return re.sub(r"[^a-z]", "", text.lower().translate(LOOK_ALIKES))


def _surprising(password: str, name: str) -> str:
    """What is left of a password without repetitions, runs along the alphabet or keyboard, and common words."""
    left = _without_runs(password.lower())
    left = re.sub(r"(.{1,4}?)\1{2,}", r"\1", left)
    letters = left.translate(LOOK_ALIKES)
    for word in sorted({*COMMON_WORDS, name.lower().translate(LOOK_ALIKES)} - {""}, key=len, reverse=True):
        letters = letters.replace(word, "")
    once = "".join(dict.fromkeys(letters))
    return letters if len(once) >= 5 else once


def _without_runs(text: str) -> str:
    for row in KEYBOARD_RUNS:
        for line in (row, row[::-1]):
            for length in range(len(line), 3, -1):
                for start in range(len(line) - length + 1):
                    text = text.replace(line[start : start + length], "")
    return text


def wait_s(fails: int, *, free: int = 5, longest_s: int = 900) -> int:
    """Seconds to wait after so many wrong passwords in a row: none before `free`, then 1, 2, 4 … up to 15 minutes."""
    if fails < free:
        return 0
    return min(longest_s, 1 << min(fails - free, 30))


def home_of(role: str) -> str:
    """The first page of a role."""
    return "/account" if role == "wall" else "/"


def safe_next(address: str | None, home: str = "/") -> str:
    """The address when it stays on this site, else `home`."""
    if not address or not re.fullmatch(r"/(?![/\\])[\x21-\x7e]*", address):
        return home
    parts = urlsplit(address)
    if parts.scheme or parts.netloc or "\\" in address:
        return home
    return address


OVERLAPS = {24: "for 24 hours", 1: "for an hour", 168: "for 7 days", 0: "not at all"}
"""How many hours a key works on beside the one that follows it."""
KEY = re.compile(r"dd_([0-9a-f]{8})_([A-Za-z0-9_-]{43})")


def key_of(prefix: str, secret: str) -> str:
    """An API key as its owner keeps it: recognisable as ours, and by its prefix as that client's."""
    return f"dd_{prefix}_{secret}"


def key_parts(key: str) -> tuple[str, str] | None:
    """Prefix and secret; None when this is no key of ours."""
    found = KEY.fullmatch(key)
    return None if found is None else (found[1], found[2])


CALLED = re.compile(r"(?<![\w@.])@([A-Za-z0-9][A-Za-z0-9._-]{1,31})")
MOST_CALLED = 10


def called(words: str) -> frozenset[str]:
    """Account names in lower case that a note calls, as in “@ann, please look”: at most ten."""
    names = {found.rstrip("._-").lower() for found in CALLED.findall(words)}
    return frozenset(sorted(names)[:MOST_CALLED])
