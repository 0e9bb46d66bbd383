"""What a person's page tells of referrals: clicks, who came, what was earned, and why something does not count."""

from datetime import timedelta

from sqlalchemy.orm import Session

from app.people.queries.person import SIZE
from tests.clients import Browser
from tests.pages import Page, Soup, parsed
from tests.people.referring import DAY, click, person, qualified, referral, referrer, reward, signal, today


def told(browser: Browser, wallet: str, kind: str) -> Page:
    return parsed(browser.get(f"/people/{wallet}?q=is:{kind}"))


def test_a_reward_explains_itself(session: Session, support: Browser) -> None:
    owner, link = referrer(session)
    reward(session, qualified(session, link, "lynx", code="CUP-1"))
    page = told(support, owner.wallet, "reward")
    sentence = page.attr("#timeline .explained [data-copy]", "data-copy")
    assert sentence.startswith("0.05 SOL because lynx (")
    assert "and contest CUP-1 was paid" in sentence
    assert "held until" in sentence
    assert page.texts("#timeline li p")[0].startswith("Contest bonus: 0.050000000 SOL")


def test_a_referral_says_why_it_does_not_count(session: Session, support: Browser) -> None:
    owner, link = referrer(session)
    signal(session, qualified(session, link, "lynx", code="CUP-1"))
    referral(session, link, "heron")
    rejected = referral(session, link, "gecko")
    rejected.state, rejected.rejected_reason, rejected.rejected_at = "rejected", "Referrer and player are one.", today()
    expired = referral(session, link, "bison")
    expired.state = "expired"
    session.flush()
    words = " ".join(told(support, owner.wallet, "referral").texts("#timeline li"))
    assert "Somebody still has to look at this: same device." in words
    assert "They have not finished a contest they paid for yet" in words
    assert "it was rejected. Referrer and player are one." in words
    assert "when the time to qualify was over (rule v" in words


def test_a_counted_one_says_so(session: Session, support: Browser) -> None:
    owner, link = referrer(session)
    qualified(session, link, "lynx", code="CUP-1")
    assert "Counts. They qualified by contest CUP-1" in told(support, owner.wallet, "referral").words("#timeline")


def test_who_came_sees_by_whom_and_who_did_not_why(session: Session, support: Browser) -> None:
    _, link = referrer(session, "otter", "OTTER-1")
    referral(session, link, "lynx")
    lone = person(session, "heron", signed_up_at=today(), attribution="window_over")
    assert "too long before the signup" in told(support, lone.wallet, "signup").words("#timeline")
    came = parsed(support.get("/search?q=lynx", follow_redirects=True))
    assert "Signed up by the link OTTER-1 of otter" in came.words("#timeline")
    assert "referred" in came.words("h1")


def test_clicks_are_told_with_their_verdicts_page_by_page(session: Session, support: Browser, soup: Soup) -> None:
    owner, link = referrer(session)
    other, _ = referrer(session, "noise")
    start = today() - 40 * DAY
    for number in range(SIZE + 2):
        click(session, link, start + number * timedelta(days=1), "repeat" if number else "over_limit")
    first = told(support, owner.wallet, "click")
    second = soup(support.get(first.attr(".pager a[rel=next]", "href")))
    assert (len(first.select("#timeline li")), len(second.select("#timeline li"))) == (SIZE, 2)
    assert "Too many clicks came from this address" in second.texts("#timeline li")[-1]
    assert not second.select(".pager a[rel=next]")
    again = soup(support.get(second.attr(".pager a[rel=prev]", "href")))
    assert again.texts("#timeline li p") == first.texts("#timeline li p")
    assert not told(support, other.wallet, "click").select("#timeline li")


def test_clicks_of_one_moment_are_each_told_once(session: Session, support: Browser, soup: Soup) -> None:
    owner, link = referrer(session)
    at = today() - DAY
    for _ in range(SIZE + 5):
        click(session, link, at)
    first = told(support, owner.wallet, "click")
    second = soup(support.get(first.attr(".pager a[rel=next]", "href")))
    assert (len(first.select("#timeline li")), len(second.select("#timeline li"))) == (SIZE, 5)


def test_a_ban_and_open_signals_stand_at_the_top(session: Session, support: Browser) -> None:
    owner, link = referrer(session)
    signal(session, qualified(session, link))
    owner.banned_at, owner.banned_by, owner.ban_reason = today(), "Ann", "Forty wallets, one device."
    session.flush()
    page = parsed(support.get(f"/people/{owner.wallet}"))
    assert "Forty wallets, one device." in page.words(".notice.bad")
    assert "same device" in page.words("div:not([data-changed]) > .notice.warn")


def test_a_code_leads_to_whose_it_is(session: Session, support: Browser) -> None:
    owner, _ = referrer(session, code="MOON-7")
    for text in ("moon-7", "MOON", owner.wallet[:9], "otter"):
        assert support.get("/search", query_string={"q": text}).headers["Location"] == f"/people/{owner.wallet}"
