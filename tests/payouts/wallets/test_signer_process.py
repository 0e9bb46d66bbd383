"""The signer in a process of its own: who reaches it, who may hold the key, what it remembers after kill -9."""

import stat
from dataclasses import replace
from pathlib import Path

import pytest
from flask import Flask

from app.core.asking import Unreachable
from app.core.solana import nodes
from app.payouts.wallets.choosing import chosen_wallet
from app.payouts.wallets.port import LandedOk, NotSigned
from app.payouts.wallets.solana.signing import SignerSocket
from app.payouts.wallets.solana.wallet import SolanaWallet
from tests.house.sources import sources
from tests.payouts.chain.running import chain
from tests.payouts.wallets.hot import SOL, address_of, approved, next_attempt
from tests.payouts.wallets.signers import signer_process


def test_a_killed_signer_gives_the_same_bytes_again(committing: Flask, tmp_path: Path) -> None:
    order = approved(committing, [SOL])
    path = tmp_path / "signer" / "socket"
    with chain() as solana:
        solana.airdrop(address_of(0), 10 * SOL)
        wallet = SolanaWallet(nodes(solana.addresses), SignerSocket(path))
        with signer_process(committing.config["SETTINGS"], solana, tmp_path) as process:
            assert stat.S_IMODE(path.stat().st_mode) == 0o600
            first = wallet.prepare(order)
            process.kill()
        with pytest.raises(Unreachable, match="flask payouts signer"):
            wallet.prepare(order)
        with signer_process(committing.config["SETTINGS"], solana, tmp_path):
            assert wallet.prepare(order) == first
            with pytest.raises(NotSigned, match="may still land"):
                wallet.prepare(next_attempt(order))
            wallet.send(first)
            solana.advance(20)
            assert isinstance(wallet.outcome(first), LandedOk)


def test_whoever_asks_the_signer_may_not_hold_its_key(app: Flask) -> None:
    before = app.config["SETTINGS"]
    with app.app_context():
        app.config["SETTINGS"] = replace(before, wallet="solana", signer_key="x", solana_rpc_urls="http://127.0.0.1:9")
        with pytest.raises(NotSigned, match="SIGNER_KEY"):
            chosen_wallet()
    app.config["SETTINGS"] = before


def test_only_the_signer_and_the_refusal_read_the_key() -> None:
    readers = {source.path for source in sources("app") if ".signer_key" in source.text}
    assert readers == {"app/payouts/signer/command.py", "app/payouts/wallets/choosing.py"}
