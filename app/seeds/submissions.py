"""Tokens that wait for a review in the demo: some new, one that passes for another, one that was sent twice."""

from app.audit.rules import Actor
from app.seeds.prices import key_of
from app.whitelist.rules.asked import NewSubmission
from app.whitelist.service.submitting import submit_token

ASKED = (
    ("RAY", "Raydium", 6, "raydium-team"),
    ("ORCA", "Orca", 6, "orca-foundation"),
    ("B0NK", "Bonk Official", 5, "bonk-fan-77"),
    ("BONK", "Bonk Two", 5, "bonk-fan-77"),
    ("HNT", "Helium", 8, "helium-desk"),
    ("$FREE", "Free Airdrop", 9, "airdrop-now"),
    ("RENDER", "Render", 8, "render-desk"),
)


def submit_tokens(*, by: Actor) -> None:
    """The worker checks them as soon as it runs."""
    for symbol, name, decimals, submitter in ASKED:
        new = NewSubmission(
            key_of(f"submission {symbol}"), symbol, name, submitter, decimals, [f"https://{submitter}.example/token"]
        )
        submit_token(new, client_id=None, is_limited=False, by=by)
