"""The chain in a process of its own: two nodes at /1 and /2, and /control for tests. Prints its port."""

import json
import random
import sys
import threading
import time
from dataclasses import fields
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from solders.account import Account
from solders.pubkey import Pubkey

from tests.payouts.chain.answers import Answers, Refused, memo_of, transfers_of
from tests.payouts.chain.blocks import Chain
from tests.payouts.chain.faults import Answer, Faults, Unreliable


class World:
    """The one chain, its nodes and how unreliable these are."""

    def __init__(self, seed: int, depth: int) -> None:
        self.chain = Chain(seed=seed, depth=depth)
        self.lock = threading.RLock()
        self.nodes = {f"/{number}": Unreliable(Faults(), random.Random(seed + number)) for number in (1, 2)}

    def answered(self, question: dict[str, Any], lag: int) -> Answer:
        with self.lock:
            try:
                result = Answers(self.chain, lag).to(question["method"], question["params"])
                return {"jsonrpc": "2.0", "id": question["id"], "result": result}
            except Refused as refused:
                return {"id": question["id"], "error": {"code": refused.code, "message": str(refused)}}

    def controlled(self, wish: dict[str, Any]) -> Any:
        with self.lock:
            return getattr(self, "do_" + wish.pop("do"))(**wish)

    def do_faults(self, node: str = "", **shares: float) -> None:
        for name in ("loses", "forks", "slowest"):
            if name in shares:
                setattr(self.chain, name, shares.pop(name))
        known = {item.name for item in fields(Faults)}
        assert shares.keys() <= known, f"{shares.keys() - known}"
        for path, unreliable in self.nodes.items():
            if node in {"", path}:
                unreliable.faults = Faults(**shares)  # type: ignore[arg-type]  # all are numbers

    def do_advance(self, blocks: int) -> int:
        for _ in range(blocks):
            self.chain.tick()
        return self.chain.height

    def do_airdrop(self, address: str, lamports: int) -> None:
        self.chain.vm.airdrop(Pubkey.from_string(address), lamports)

    def do_belong(self, address: str, program: str) -> None:
        """Makes the account one of a program."""
        self.chain.vm.set_account(Pubkey.from_string(address), Account(10**9, b"", Pubkey.from_string(program)))

    def do_balances(self, addresses: list[str]) -> dict[str, int]:
        return {address: self.chain.balance(Pubkey.from_string(address)) for address in addresses}

    def do_forget(self, blocks: int) -> None:
        """The nodes keep only the last so many blocks."""
        self.chain.first_kept = self.chain.height - blocks

    def do_history(self) -> list[dict[str, Any]]:
        return [self._past(name) for name in self.chain.order]

    def _past(self, name: str) -> dict[str, Any]:
        sent = self.chain.sent[name]
        return {
            "signature": name,
            "ok": sent.told["ok"],
            "fee": sent.told["fee"],
            "memo": memo_of(sent.transaction),
            "transfers": transfers_of(sent.transaction),
        }


class Door(BaseHTTPRequestHandler):
    world: World

    def do_POST(self) -> None:
        text = self.rfile.read(int(self.headers["Content-Length"]))
        if self.path == "/control":
            self._give({"result": self.world.controlled(json.loads(text))})
            return
        question = json.loads(text)
        verdict = self.world.nodes[self.path].asked(lambda lag: self.world.answered(question, lag))
        time.sleep(verdict.wait_s)
        if verdict.answer is not None:
            self._give(verdict.answer)

    def _give(self, answer: Any) -> None:
        body = json.dumps(answer).encode()
        try:
            self.send_response(200)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)
        except ConnectionError as error:  # who asked was killed, or had no patience
            self.log_error("%s", error)

    def log_message(self, form: str, *words: Any) -> None:
        if "error" in form:
            sys.stderr.write(form % words + "\n")


def main(seed: int, depth: int, block_ms: int) -> None:
    Door.world = World(seed, depth)
    server = ThreadingHTTPServer(("127.0.0.1", 0), Door)
    server.daemon_threads = True
    print(server.server_address[1], flush=True)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    while block_ms:
        time.sleep(block_ms / 1000)
        Door.world.controlled({"do": "advance", "blocks": 1})
    threading.Event().wait()


if __name__ == "__main__":
    main(*map(int, sys.argv[1:4]))
