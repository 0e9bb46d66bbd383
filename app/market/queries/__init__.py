"""Reading the market."""

from app.market.queries.tokens import KnownToken, known_tokens, token_names, token_states

__all__ = ["KnownToken", "known_tokens", "token_names", "token_states"]
