"""Which wallet the settings name."""

from functools import lru_cache

from app.config import Config
from app.core.extensions import settings
from app.core.solana import nodes
from app.payouts.wallets.book import Book
from app.payouts.wallets.http.wallet import HttpWallet
from app.payouts.wallets.port import NotSigned, Wallet
from app.payouts.wallets.solana.signing import SignerSocket, socket_path
from app.payouts.wallets.solana.wallet import SolanaWallet


def chosen_wallet() -> Wallet:
    """Raises NotSigned when the settings do not make one."""
    return _wallet(settings())


@lru_cache(maxsize=4)
def _wallet(config: Config) -> Wallet:
    if config.wallet == "http":
        return _http(config)
    return _solana(config) if config.wallet == "solana" else Book()


def _http(config: Config) -> Wallet:
    if not (config.wallet_url and config.wallet_secret):
        raise NotSigned("WALLET is http, but WALLET_URL or WALLET_SECRET is empty.", "Set both, or WALLET=book.")
    return HttpWallet(config.wallet_url, config.wallet_secret)


def _solana(config: Config) -> Wallet:
    """The key in our own reach would make the signer's refusals worth nothing, so it is refused."""
    if config.signer_key:
        what = "SIGNER_KEY is in reach of this process, which asks the signer and must not be able to sign."
        raise NotSigned(what, "Take it out of this process's environment; only `flask payouts signer` gets it.")
    if not nodes(config.solana_rpc_urls):
        raise NotSigned("WALLET is solana, but SOLANA_RPC_URLS is empty.", "Name one JSON-RPC node, better two.")
    return SolanaWallet(nodes(config.solana_rpc_urls), SignerSocket(socket_path(config)))
