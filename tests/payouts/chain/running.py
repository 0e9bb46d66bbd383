"""Starts the chain and speaks with it: `with chain() as solana: solana.airdrop(...)`."""

import json
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import httpx

from app.config import ROOT


@dataclass(frozen=True)
class Running:
    port: int

    @property
    def address(self) -> str:
        """Of the first node."""
        return f"http://127.0.0.1:{self.port}/1"

    @property
    def addresses(self) -> str:
        """Of both nodes, as the setting SOLANA_RPC_URLS takes them."""
        return f"{self.address},http://127.0.0.1:{self.port}/2"

    def faults(self, **shares: Any) -> None:
        """Of both nodes, or of `node="/1"`; those not named are none. Also the chain's own loses, forks, slowest."""
        self._do("faults", **shares)

    def advance(self, blocks: int) -> int:
        """Makes blocks at once; the height after that."""
        return int(self._do("advance", blocks=blocks))

    def airdrop(self, address: str, lamports: int) -> None:
        self._do("airdrop", address=address, lamports=lamports)

    def belong(self, address: str, program: str) -> None:
        self._do("belong", address=address, program=program)

    def forget(self, blocks: int) -> None:
        self._do("forget", blocks=blocks)

    def balances(self, addresses: list[str]) -> dict[str, int]:
        return dict(self._do("balances", addresses=addresses))

    def balance(self, address: str) -> int:
        return self.balances([address])[address]

    def history(self) -> list[dict[str, Any]]:
        """Everything finalized, oldest first: signature, ok, fee, memo, transfers of (address, lamports)."""
        return list(self._do("history"))

    def ask(self, method: str, *params: Any, node: int = 1) -> Any:
        question = {"id": 1, "method": method, "params": params}
        return httpx.post(f"http://127.0.0.1:{self.port}/{node}", json=question).json()["result"]

    def _do(self, what: str, **details: Any) -> Any:
        answer = httpx.post(f"http://127.0.0.1:{self.port}/control", content=json.dumps({"do": what} | details))
        answer.raise_for_status()
        return answer.json()["result"]


@contextmanager
def chain(*, seed: int = 1, depth: int = 8, block_ms: int = 0) -> Iterator[Running]:
    """Blocks come every `block_ms`; 0: only when the test makes them."""
    command = [sys.executable, "-m", "tests.payouts.chain", str(seed), str(depth), str(block_ms)]
    process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True)
    try:
        assert process.stdout
        yield Running(int(process.stdout.readline()))
    finally:
        process.kill()
        process.communicate()
