"""How the worker asks the signer: one question, one answer, over a Unix socket; a line of JSON each."""

import base64
import json
import socket
from pathlib import Path
from typing import Any

from app.config import Config
from app.core.asking import Unreachable
from app.payouts.wallets.port import NotSigned, Order, Prepared, Problem, Unpayable

PATIENCE_S = 60
"""The signer asks the nodes before it signs, each of which may take seconds."""
LONGEST_LINE = 1024 * 1024
START_IT = "Start it with `flask payouts signer`."


def socket_path(settings: Config) -> Path:
    return Path(settings.signer_socket or settings.instance_path / "signer" / "socket")


class SignerSocket:
    def __init__(self, path: Path) -> None:
        self._path = path

    def address(self) -> str:
        return str(self._asked({"ask": "address"})["address"])

    def sign(self, order: Order) -> Prepared:
        transfers = [[line.payout, line.address, line.lamports] for line in order.transfers]
        answer = self._asked({"ask": "sign", "batch": order.batch, "attempt": order.attempt, "transfers": transfers})
        if "problems" in answer:
            raise Unpayable([Problem(**problem) for problem in answer["problems"]])
        if "refused" in answer:
            raise NotSigned(answer["refused"], answer["fix"])
        return Prepared(answer["reference"], base64.b64decode(answer["wire"]), answer["last_valid_height"])

    def _asked(self, question: dict[str, Any]) -> dict[str, Any]:
        try:
            with socket.socket(socket.AF_UNIX) as line:
                line.settimeout(PATIENCE_S)
                line.connect(str(self._path))
                line.sendall(json.dumps(question).encode() + b"\n")
                with line.makefile("rb") as heard:
                    answer = json.loads(heard.readline(LONGEST_LINE))
        except (OSError, ValueError) as error:
            raise Unreachable(f"The signer at {self._path} does not answer ({error}). {START_IT}") from error
        if "trouble" in answer:
            raise Unreachable(str(answer["trouble"]))
        return dict(answer)
