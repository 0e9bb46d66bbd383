"""Reading the market."""

from app.market.queries.tokens import KnownToken, known_tokens, mints_of, token_names, token_states

__all__ = ["KnownToken", "known_tokens", "mints_of", "token_names", "token_states"]
