"""What a wallet's address says of itself, without asking the network."""

from app.payouts.wallets.solana.recipients import unfit


def wallet_doubt(address: str) -> str:
    """Why money should not go there; empty when nothing is wrong with it."""
    return unfit(address) or ""
