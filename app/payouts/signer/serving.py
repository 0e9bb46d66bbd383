"""The signer's door: a Unix socket that only its own user opens, one question after the other."""

import base64
import json
import os
import socket
import threading
import time
from dataclasses import asdict
from pathlib import Path
from typing import Any

import psycopg
import structlog

from app.core.asking import Unreachable
from app.core.solana import NodeRefused
from app.payouts.signer.signing import Signer
from app.payouts.wallets.port import NotSigned, Order, Transfer, Unpayable
from app.payouts.wallets.solana.signing import LONGEST_LINE

PATIENCE_S = 5
WATCH_S = 1
HANDED_OVER = 3
"""The descriptor at which systemd hands over a socket that it opened."""
log = structlog.get_logger(__name__)


def opened(path: Path) -> socket.socket:
    """The socket that systemd handed over, else one at the path. The caller holds the memory, so nobody else serves."""
    if os.environ.get("LISTEN_PID") == str(os.getpid()):
        return socket.socket(fileno=HANDED_OVER)
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    path.unlink(missing_ok=True)
    door = socket.socket(socket.AF_UNIX)
    before = os.umask(0o177)
    try:
        door.bind(str(path))
    finally:
        os.umask(before)
    door.listen()
    return door


def serve(door: socket.socket, signer: Signer, stop: threading.Event) -> None:
    """Answers until `stop` is set. Whoever asks badly gets an answer in words, and the next one is served."""
    door.settimeout(WATCH_S)
    while not stop.is_set():
        try:
            line, _ = door.accept()
        except TimeoutError:
            continue
        with line:
            line.settimeout(PATIENCE_S)
            try:
                _answer(line, signer)
            except OSError as error:
                log.warning("who asked went away", reason=str(error))


def _answer(line: socket.socket, signer: Signer) -> None:
    with line.makefile("rb") as heard:
        text = heard.readline(LONGEST_LINE)
    answer = _answered(text, signer)
    line.sendall(json.dumps(answer).encode() + b"\n")


def _answered(text: bytes, signer: Signer) -> dict[str, Any]:
    try:
        question = json.loads(text)
        if question["ask"] == "address":
            return {"address": signer.address}
        order = Order(question["batch"], question["attempt"], tuple(Transfer(*one) for one in question["transfers"]))
    except (ValueError, TypeError, KeyError) as error:
        return {
            "refused": f"The question could not be read ({type(error).__name__}).",
            "fix": "Ask as the worker does.",
        }
    return _signed(order, signer, int(time.time()))


def _signed(order: Order, signer: Signer, now: int) -> dict[str, Any]:
    name = {"batch": order.batch, "attempt": order.attempt}
    try:
        prepared = signer.sign(order, now)
    except NotSigned as refused:
        log.warning("not signed", reason=refused.what, **name)
        return {"refused": refused.what, "fix": refused.fix}
    except Unpayable as unpayable:
        log.warning("not signed", reason=str(unpayable), **name)
        return {"problems": [asdict(problem) for problem in unpayable.problems]}
    except (Unreachable, NodeRefused, psycopg.Error) as trouble:
        log.warning("not signed", reason=str(trouble), **name)
        return {"trouble": f"The signer could not find out what it must know: {trouble}"}
    except Exception as error:  # a node may answer anything; whoever asks next is served all the same
        log.exception("not signed", **name)
        return {"trouble": f"The signer met something it does not know ({type(error).__name__}); its log tells more."}
    log.info("signed", reference=prepared.reference, lamports=order.lamports, **name)
    wire = base64.b64encode(prepared.wire).decode()
    return {"reference": prepared.reference, "wire": wire, "last_valid_height": prepared.last_valid_height}
