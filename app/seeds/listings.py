"""What sources call the tokens of the demo, and tokens that no contest trades yet."""

from app.audit.rules import Actor
from app.audit.service import record
from app.market.queries import known_tokens
from app.market.service import NewToken, admit_tokens
from app.market.service.listings import put_listing
from app.seeds.prices import SLEEPY, TOKENS, key_of

MORE = (
    ("JTO", "Jito", 9), ("KMNO", "Kamino", 6), ("DRIFT", "Drift", 6), ("TNSR", "Tensor", 9), ("MOODENG", "Moo Deng", 6),
    ("PENGU", "Pudgy Penguins", 6), ("FARTCOIN", "Fartcoin", 6), ("TRUMP", "Official Trump", 6),
    (SLEEPY.symbol, SLEEPY.name, SLEEPY.decimals),
)  # fmt: skip
AT_COINBASE = "{}-USD"


def list_tokens(*, by: Actor) -> None:
    """Recordings know the tokens by their symbols, Coinbase by its products. The caller commits."""
    tokens = [NewToken(token.mint, token.symbol, token.name, token.decimals) for token in TOKENS]
    tokens += [NewToken(key_of(f"token {symbol}"), symbol, name, decimals) for symbol, name, decimals in MORE]
    admit_tokens(tokens, reason="Part of the demo.")
    for known in known_tokens(token.mint for token in tokens).values():
        put_listing("replay", known.symbol, known.id)
        put_listing("coinbase", AT_COINBASE.format(known.symbol), known.id)
    record("market:tokens:admit", object_type="tokens", object_id="demo", by=by, after={"tokens": len(tokens)})
