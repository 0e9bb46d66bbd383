"""Commands of the market."""

from app.market.service.feeds import Ticks, add_ticks, open_feed
from app.market.service.tokens import NewToken, admit_tokens, change_state, hold_token, list_token

__all__ = ["NewToken", "Ticks", "add_ticks", "admit_tokens", "change_state", "hold_token", "list_token", "open_feed"]
