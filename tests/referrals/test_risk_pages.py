"""The risk queue and the review of one referrer: person, evidence, money on hold."""

from sqlalchemy.orm import Session

from app.referrals.models import Device
from tests.clients import Browser
from tests.pages import Soup
from tests.people.referring import qualified, referral, referrer, reward, signal


def test_what_looks_wrong_is_grouped_by_referrer_and_kind(session: Session, support: Browser, soup: Soup) -> None:
    _, link = referrer(session, "otter")
    for friend in ("lynx", "heron"):
        reward(session, one := qualified(session, link, friend))
        signal(session, one, "same_device")
    signal(session, referral(session, link, "gecko"), "fast_signup")
    page = soup(support.get("/referrals/risk"))
    rows = [row.select("td.num")[0].text for row in page.select("#risk tbody tr")]
    assert (page.texts("#risk tbody th b, #risk tbody th")[0][:11], rows) == ("Fast signup", ["1", "2"])
    assert page.texts("#risk tbody td.num")[3].endswith("0.100000000")


def test_the_review_has_person_evidence_and_money(session: Session, support: Browser, soup: Soup) -> None:
    owner, link = referrer(session, "otter")
    reward(session, one := qualified(session, link, "lynx"))
    signal(session, one, "same_device", addresses=1)
    page = soup(support.get(f"/referrals/risk/{owner.id}?kind=same_device"))
    assert page.attr("#person .copy", "data-copy") == owner.wallet
    assert "lynx" in page.words("#evidence")
    assert (page.words("#evidence dt"), page.words("#evidence dd")) == ("Addresses", "1")
    assert page.words("#hold p b") == "0.050000000 SOL"
    assert len(page.select("#hold li")) == 1


def test_another_kind_is_not_shown(session: Session, support: Browser, soup: Soup) -> None:
    owner, link = referrer(session, "otter")
    signal(session, referral(session, link, "lynx"), "same_device")
    signal(session, referral(session, link, "heron"), "fast_signup")
    assert "heron" not in soup(support.get(f"/referrals/risk/{owner.id}?kind=same_device")).words("#evidence")
    assert "heron" in soup(support.get(f"/referrals/risk/{owner.id}")).words("#evidence")


def test_ties_name_funders_devices_and_who_brought_whom(session: Session, support: Browser, soup: Soup) -> None:
    top, first = referrer(session, "otter")
    owner, link = referrer(session, "lynx")
    came = referral(session, first, "walrus")
    other, _ = referrer(session, "noise")
    middle = session.get_one(type(owner), came.referred_id)
    owner.funded_by = middle.funded_by = top.wallet
    seen = {"key_epoch": 1, "address_hash": b"a" * 16, "agent_hash": b"b" * 16, "network_hash": b"c" * 16}
    session.add_all([Device(person_id=one.id, at_signup=True, **seen) for one in (owner, middle)])
    session.add(Device(person_id=other.id, at_signup=True, **{**seen, "agent_hash": b"z" * 16}))
    session.flush()
    page = soup(support.get(f"/referrals/risk/{owner.id}"))
    assert page.texts("#ties h3") == [
        "Seen at one address with one browser", "Got their first lamports from the same wallet",
    ]  # fmt: skip
    assert page.texts("#ties li a") == ["walrus", "walrus"]
    assert soup(support.get(f"/referrals/risk/{middle.id}")).texts("#ties h3")[0] == "Brought them, or brought who did"
    assert link.code in page.words("#person")


def test_no_hash_is_on_the_page(session: Session, support: Browser) -> None:
    owner, _ = referrer(session, "otter")
    session.add(Device(person_id=owner.id, at_signup=True, key_epoch=1, address_hash=b"a" * 16, agent_hash=b"b" * 16,
                       network_hash=b"c" * 16))  # fmt: skip
    session.flush()
    text = support.get(f"/referrals/risk/{owner.id}").get_data(as_text=True)
    assert (b"a" * 16).hex() not in text
    assert "aaaaaaaa" not in text


def test_nothing_wrong_is_good_news(support: Browser, soup: Soup) -> None:
    assert "Nothing looks wrong." in soup(support.get("/referrals/risk")).words("#risk")
    assert support.get("/referrals/risk/999").status_code == 404
