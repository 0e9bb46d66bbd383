"""`flask payouts signer`"""

import signal
import threading

import click
import structlog
from solders.keypair import Keypair

from app.config import Config
from app.core.database import connector
from app.core.errors import Refusal
from app.core.extensions import settings
from app.core.plainly import plainly
from app.core.solana import nodes
from app.payouts.signer.caps import Caps
from app.payouts.signer.memory import Memory
from app.payouts.signer.serving import opened, serve
from app.payouts.signer.signing import Signer
from app.payouts.wallets.solana.chain import Chain
from app.payouts.wallets.solana.signing import socket_path

FILE_NAME = "signed.jsonl"
log = structlog.get_logger(__name__)


@click.command("signer")
def signer() -> None:
    """Hold the hot wallet's key and sign approved batches until told to stop."""
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    config = settings()
    with plainly(config):
        key = _key(config)
        memory = Memory(config.instance_path / "signer" / FILE_NAME)
        with opened(socket_path(config)) as door:
            log.info("signer started", hot_wallet=str(key.pubkey()), remembered=len(memory.references()))
            serve(door, _signer(config, key, memory), stop)
        memory.close()
    log.info("signer stopped")


def _key(config: Config) -> Keypair:
    if not config.signer_key:
        raise Refusal("SIGNER_KEY is not set.", "Give the signer the hot wallet's secret key, by SIGNER_KEY_FILE.")
    if not nodes(config.solana_rpc_urls):
        raise Refusal("SOLANA_RPC_URLS is not set.", "Name one JSON-RPC node, better two, comma-separated.")
    try:
        return Keypair.from_base58_string(config.signer_key)
    except ValueError:
        raise Refusal("SIGNER_KEY is no secret key.", "It is 64 bytes in base58, as wallets export it.") from None


def _signer(config: Config, key: Keypair, memory: Memory) -> Signer:
    caps = Caps(
        config.payout_transaction_cap_lamports, config.payout_hourly_cap_lamports, config.payout_daily_cap_lamports
    )
    chain = Chain(nodes(config.solana_rpc_urls))
    return Signer(key, chain, connector(config), memory, caps, config.solana_priority_fee_cap)
