"""A month of clicks and signups: honest people, many behind one address, and nine kinds of fraud, each labelled."""

import random
from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from uuid import UUID

from app.core.extensions import db
from app.referrals.models import Code
from app.referrals.rules.clicks import Clicked, Hashes
from app.referrals.service.clicks import record_clicks
from app.referrals.service.signups import SignedUp, SignupTold, note_devices, take_signup
from tests.contests.rows import address
from tests.referrals.linking import referrer
from tests.referrals.playing import PROGRAM, hashes

DAYS = 29
CARRIERS, AGENTS = 40, 12
EXCHANGES = [f"Exchange{number}".ljust(43, "1") for number in "234"]
"""Most honest players get their first lamports from one of these."""
A_REFERRER_BRINGS = 10
AT_ONCE = 500


@dataclass
class Month:
    """`labels`: the kind of each referral; `honest` is one of them. `wallets` are those who signed up."""

    seed: int
    labels: dict[int, str] = field(default_factory=dict)
    wallets: list[str] = field(default_factory=list)
    clicks: list[Clicked] = field(default_factory=list)
    count: int = 0

    def __post_init__(self) -> None:
        self.chance = random.Random(self.seed)
        self.ends = datetime.now(UTC) - timedelta(hours=2)

    def moment(self) -> datetime:
        return self.ends - timedelta(seconds=self.chance.uniform(3600, DAYS * 86_400))

    def click(self, code: Code, at: datetime, seen: Hashes, *, is_bare: bool = False) -> UUID:
        number = UUID(int=int(at.timestamp() * 1000) << 80 | self.chance.getrandbits(80) & ~(0xF << 76) | 7 << 76)
        browser = f"{code.code}{seen.address.hex()}{seen.agent.hex()}".encode()
        self.clicks.append(Clicked(number, code.code, "x-com", None, None, is_bare, seen, (browser, browser)))
        return number

    def flush(self) -> None:
        self.clicks.sort(key=lambda one: one.id)
        for first in range(0, len(self.clicks), AT_ONCE):
            record_clicks(self.clicks[first : first + AT_ONCE])
        self.count += len(self.clicks)
        self.clicks.clear()

    def sign_up(
        self, kind: str, code: Code, at: datetime, seen: Hashes, *, after_s: float = 0, **told: object
    ) -> SignedUp:
        """Clicks and signs up a while later."""
        wait = after_s or self.chance.uniform(30, 3000)
        click = self.click(code, at - timedelta(seconds=wait), seen, is_bare=bool(told.pop("is_bare", False)))
        self.flush()
        wallet = str(told.pop("wallet", "")) or address()
        facts = {"nickname": kind, "clicks": [click], "named": 1, "seen": [seen], "signed_up_at": at} | told
        done = take_signup(SignupTold(wallet=wallet, **facts), by=PROGRAM)  # type: ignore[arg-type]  # fields by name
        if done.referral_id is not None:
            self.labels[done.referral_id] = kind
        self.wallets.append(wallet)
        return done

    def somewhere(self) -> Hashes:
        """At home, or behind one of a few addresses that thousands share, with one of the common browsers."""
        agent = f"agent {self.chance.randrange(AGENTS)}"
        if self.chance.random() < 0.5:
            carrier = self.chance.randrange(CARRIERS)
            return hashes(f"carrier {carrier}", agent, f"net {carrier}")
        return hashes(f"home {self.chance.getrandbits(40):x}"[:16], agent)

    def funder(self) -> str:
        return self.chance.choice(EXCHANGES) if self.chance.random() < 0.6 else address()


def referrers(month: Month, kind: str, count: int) -> Iterator[tuple[Code, Hashes, int]]:
    """Each with a code, where they were seen, and how many they bring."""
    number = 0
    while count > 0:
        brings = min(count, A_REFERRER_BRINGS)
        code = referrer(f"{kind.upper().replace('_', '-')}-{number}", address(), funded_by=month.funder())
        seen = month.somewhere()
        note_devices(code.person_id, [seen], at=month.moment(), at_signup=False)
        db.session.commit()
        yield code, seen, brings
        number, count = number + 1, count - brings


def honest(month: Month, count: int) -> None:
    for code, _seen, brings in referrers(month, "honest", count):
        for _ in range(brings):
            month.sign_up("honest", code, month.moment(), month.somewhere(), funded_by=month.funder())


def same_person(month: Month, count: int) -> None:
    for number in range(count):
        mail = f"mail {number}".encode()
        code = referrer(f"SELF-{number}", address(), identities=[mail])
        month.sign_up("same_person", code, month.moment(), month.somewhere(), identities=[mail])


def own_device(month: Month, count: int) -> None:
    for code, seen, brings in referrers(month, "own_device", count):
        for _ in range(brings):
            month.sign_up("own_device", code, month.moment(), seen)


def device_farm(month: Month, count: int) -> None:
    for code, _seen, brings in referrers(month, "device_farm", count):
        farm = hashes(f"farm {month.chance.getrandbits(40):x}"[:16])
        for _ in range(brings):
            month.sign_up("device_farm", code, month.moment(), farm)


def circle(month: Month, count: int) -> None:
    for number in range(-(-count // 3)):
        wallets = [address() for _ in range(3)]
        codes = [referrer(f"RING-{number}-{place}", wallet) for place, wallet in enumerate(wallets)]
        for place, code in enumerate(codes):
            next_one = wallets[(place + 1) % 3]
            month.sign_up("circle", code, month.moment(), month.somewhere(), wallet=next_one)


def one_funder(month: Month, count: int) -> None:
    for code, _seen, brings in referrers(month, "one_funder", count):
        source = address()
        for _ in range(brings):
            month.sign_up("one_funder", code, month.moment(), month.somewhere(), funded_by=source)


def script(month: Month, count: int) -> None:
    for code, _seen, brings in referrers(month, "script", count):
        for _ in range(brings):
            month.sign_up("script", code, month.moment(), month.somewhere(), after_s=month.chance.uniform(0.3, 4.5))


def one_address(month: Month, count: int) -> None:
    for code, _seen, brings in referrers(month, "one_address", count):
        begin, place = month.moment(), f"bot {month.chance.getrandbits(40):x}"[:16]
        for number in range(brings):
            at = begin + timedelta(seconds=number * 200)
            month.sign_up("one_address", code, at, hashes(place, f"agent {month.chance.getrandbits(30)}"[:16]))


def bought_crowd(month: Month, count: int) -> None:
    """Players from one network, each at an address of their own."""
    for code, _seen, brings in referrers(month, "crowd", count):
        network = f"net {month.chance.getrandbits(40):x}"[:16]
        for _ in range(brings):
            host = f"host {month.chance.getrandbits(40):x}"[:16]
            month.sign_up(
                "bought_crowd", code, month.moment(), hashes(host, month.somewhere().agent.hex()[:16], network)
            )


def stuffing(month: Month, count: int) -> None:
    """Links that scripts load in the background of other pages, so that anybody who comes is theirs."""
    for code, _seen, brings in referrers(month, "stuffing", count):
        for _ in range(30):
            month.click(code, month.moment(), month.somewhere(), is_bare=True)
        for _ in range(brings):
            month.sign_up("stuffing", code, month.moment(), month.somewhere(), is_bare=True)


FRAUDS: tuple[Callable[[Month, int], None], ...] = (
    same_person, own_device, device_farm, circle, one_funder, script, one_address, bought_crowd, stuffing,
)  # fmt: skip


def fill(month: Month, clicks: int) -> None:
    """Visitors who followed a link and never signed up, until there are so many clicks."""
    codes = db.session.query(Code).order_by(Code.id).filter(Code.code.like("HONEST-%")).all()
    for number in range(clicks - month.count):
        month.click(codes[number % len(codes)], month.moment(), month.somewhere())
    month.flush()


def shares(month: Month, stopped: set[int]) -> dict[str, float]:
    """Of each kind, how many of a hundred were stopped."""
    found: defaultdict[str, list[bool]] = defaultdict(list)
    for referral_id, kind in month.labels.items():
        found[kind].append(referral_id in stopped)
    return {kind: 100 * sum(ones) / len(ones) for kind, ones in found.items()}
