"""What may leave the hot wallet now."""

from dataclasses import dataclass

from app.core.money import sol


@dataclass(frozen=True)
class Spending:
    """Lamports signed for in the last hour and day, in the ledger's hot wallet, and on their way out of it."""

    last_hour: int
    last_day: int
    hot_wallet: int
    under_way: int


@dataclass(frozen=True)
class Caps:
    hourly: int
    daily: int
    reserve: int
    """Kept back for the fees of the network."""


def why_not(lamports: int, spent: Spending, caps: Caps) -> str | None:
    """A sentence when so much may not leave now."""
    for name, so_far, cap in (("hour", spent.last_hour, caps.hourly), ("day", spent.last_day, caps.daily)):
        if so_far + lamports > cap:
            return (
                f"{sol(lamports)} SOL more would pass the cap of {sol(cap)} SOL an {name}: {sol(so_far)} SOL left."
                if name == "hour"
                else f"{sol(lamports)} SOL more would pass the cap of {sol(cap)} SOL a day: {sol(so_far)} SOL left."
            )
    free = spent.hot_wallet - spent.under_way - caps.reserve
    if lamports > free:
        return f"The hot wallet has {sol(max(free, 0))} SOL to give, {sol(lamports)} SOL are asked for."
    return None
