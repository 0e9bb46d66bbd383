"""The peer: Flask-SocketIO as its documentation starts it under gunicorn's gevent worker; rows come from ROWS_FILE."""

import json
import os
import time
from pathlib import Path
from typing import Any

from flask import Flask
from flask_socketio import SocketIO

ROWS: list[Any] = [json.loads(line) for line in Path(os.environ["ROWS_FILE"]).read_text(encoding="utf-8").splitlines()]
app = Flask(__name__)
sockets = SocketIO(app, async_mode="gevent", cors_allowed_origins="*")


def tell() -> None:
    seq, due = 0, time.monotonic()
    while True:
        due = max(due + 0.1, time.monotonic())
        sockets.sleep(max(0.0, due - time.monotonic()))
        seq += 1
        told = {"stream": "market", "epoch": 1, "seq": seq, "at": time.time_ns() // 1_000_000}
        sockets.emit("frame", told | {"oldest": time.time_ns() // 1000, "rows": ROWS[seq % len(ROWS)]})


sockets.start_background_task(tell)
