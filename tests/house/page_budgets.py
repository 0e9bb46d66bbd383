"""What a page may ask and weigh, and which pages may ask more, with the reason."""

STATEMENTS = 8
MORE_STATEMENTS = {
    "alerts.services": (12, "has promises, bands, breakers, caches and announced work beside each other"),
    "contests.draft": (13, "compares two versions, prices, ties and what two people propose; offers saved reasons"),
    "contests.show": (12, "has the thread of a contest beside its standings: disputes, notes, who holds it"),
    "contests.entry": (10, "draws the value of a player over time beside the terms and trades"),
    "contests.evidence": (11, "shows everything a result was made from, and who ruled about it"),
    "contests.replay": (10, "draws ranks and prices of the same moments, and what happened around them"),
    "tokens.submission": (11, "has everything a reviewer needs on one screen, and what can be undone"),
    "tokens.token": (9, "shows chain, feed, blast radius and decisions beside each other"),
    "people.show": (13, "has everything about one person: four domains and what explains each reward"),
    "referrals.period": (13, "previews what closing freezes and pays above the standings"),
    "referrals.what_if": (11, "replays a period under its own rules and under others"),
    "referrals.review": (13, "has person, evidence, ties and money on hold beside each other"),
    "screens.wall": (13, "is a board with its strips at once; afterwards a screen fetches only parts that changed"),
    "screens.board": (19, "has a day and the promises of every service on the board of health; fetched at each turn"),
    "overview.today": (11, "asks every desk for what waits there, and which notes call who looks"),
    "contests.download": (16, "is the whole evidence bundle, one question a part"),
    "contests.recompute": (25, "shows the evidence and reads its bundle to compute it again"),
}
LARGEST_PAGE = 60_000
