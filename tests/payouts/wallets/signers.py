"""The signer as `flask payouts signer` starts it, in a process of its own."""

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from app.config import ROOT, Config
from tests.payouts.chain.running import Running
from tests.payouts.wallets.hot import key_of


@contextmanager
def signer_process(settings: Config, chain: Running, folder: Path) -> Iterator["subprocess.Popen[bytes]"]:
    """Ready to be asked at `folder/signer/socket`, with the key of the first wallet of the tests."""
    environment = os.environ | {
        "DATABASE_URL": settings.database_url,
        "REDIS_URL": settings.redis_url,
        "INSTANCE_PATH": str(folder),
        "SECRET_KEY": settings.secret_key,
        "SOLANA_RPC_URLS": chain.addresses,
        "SIGNER_KEY": str(key_of(0)),
        "LOG_LEVEL": "info",
    }
    command = [sys.executable, "-m", "flask", "--app", "wsgi", "payouts", "signer"]
    # Into a file: a pipe that nobody empties would hold the signer up once it is full.
    log = folder / "signer.log"
    with log.open("wb") as said:
        process = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=said, stderr=said)
    try:
        while b"signer started" not in log.read_bytes():
            assert process.poll() is None, log.read_text(encoding="utf-8")
            time.sleep(0.05)
        yield process
    finally:
        process.kill()
        process.wait()
