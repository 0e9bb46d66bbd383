"""The signer as `flask payouts signer` starts it, in a process of its own."""

import os
import subprocess
import sys
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
    pipe, out = subprocess.PIPE, subprocess.STDOUT
    process = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=pipe, stderr=out)
    try:
        assert process.stdout
        heard = b""
        while b"signer started" not in heard:
            line = process.stdout.readline()
            assert line, heard.decode()
            heard += line
        yield process
    finally:
        process.kill()
        process.communicate()
