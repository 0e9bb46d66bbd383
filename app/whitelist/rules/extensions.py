"""Extensions of Token-2022, judged by a list of what is harmless. What the list does not name is refused.

Layouts: the program's own interface, little-endian, without padding. An all-zero key means nobody.
"""

from collections.abc import Callable
from dataclasses import dataclass

NOBODY = bytes(32)
FROZEN = 2
NEW_FEE_BPS = slice(106, 108)
OLD_FEE_BPS = slice(88, 90)
HOOK = slice(32, 64)
PAUSER = slice(0, 32)
NAMES = {
    1: "transfer fee", 3: "close authority", 4: "confidential transfers", 6: "default account state",
    9: "non-transferable", 10: "interest-bearing", 12: "permanent delegate", 14: "transfer hook",
    16: "confidential transfer fee", 18: "metadata pointer", 19: "token metadata", 20: "group pointer",
    21: "token group", 22: "group member pointer", 23: "token group member", 24: "confidential mint and burn",
    25: "scaled amounts", 26: "pausable",
}  # fmt: skip
HARMLESS = frozenset({18, 19, 20, 21, 22, 23})
FOR_A_REVIEWER = frozenset({4, 10, 16, 24, 25})
"""What changes how an amount is shown or hidden: somebody has to look."""

Verdict = tuple[str, str]


@dataclass(frozen=True)
class Extension:
    """One entry behind a Token-2022 mint: its number and its bytes as they lie there."""

    kind: int
    data: bytes

    @property
    def name(self) -> str:
        return NAMES.get(self.kind, f"unknown extension {self.kind}")


def judged(extension: Extension) -> Verdict:
    """A verdict, and what was seen in words."""
    if extension.kind in HARMLESS:
        return "pass", "changes nothing about a trade"
    if extension.kind in FOR_A_REVIEWER:
        return "warn", "amounts are not what the chain shows"
    judge = JUDGES.get(extension.kind)
    return ("fail", "not on our list") if judge is None else judge(extension.data)


def _transfer_fee(data: bytes) -> Verdict:
    most = max(int.from_bytes(data[part], "little") for part in (OLD_FEE_BPS, NEW_FEE_BPS))
    if len(data) < NEW_FEE_BPS.stop or most:
        return "fail", f"{most / 100:g} % of every transfer is kept"
    return ("pass", "0 %, for ever") if data[PAUSER] == NOBODY else ("warn", "0 % now, and somebody may raise it")


def _transfer_hook(data: bytes) -> Verdict:
    if data[HOOK] != NOBODY:
        return "fail", "every transfer runs a program of somebody's"
    return ("pass", "no program, for ever") if data[PAUSER] == NOBODY else ("warn", "no program now, one may be set")


def _default_state(data: bytes) -> Verdict:
    return ("fail", "new accounts are frozen") if data[:1] == bytes([FROZEN]) else ("pass", "new accounts are open")


def _held(words: str) -> Callable[[bytes], Verdict]:
    def judge(data: bytes) -> Verdict:
        return ("pass", "nobody can") if data[PAUSER] == NOBODY else ("fail", words)

    return judge


def _non_transferable(_data: bytes) -> Verdict:
    return "fail", "nobody can sell it"


JUDGES: dict[int, Callable[[bytes], Verdict]] = {
    1: _transfer_fee,
    3: _held("the mint can be closed"),
    6: _default_state,
    9: _non_transferable,
    12: _held("somebody can move or burn everybody's tokens"),
    14: _transfer_hook,
    26: _held("somebody can stop all transfers"),
}
