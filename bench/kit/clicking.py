"""Browsers that ask one address over and over, each over its own connection: answers a second, and how long each took.

`python -m bench.kit.clicking PORT PATH CLIENTS SECONDS` prints one JSON document.
"""

import asyncio
import json
import os
import sys
import time
from itertools import count

NUMBERS = count(os.getpid() * 9973)
"""Each asks from an address of its own."""
BROWSER = (
    "Host: localhost\r\nUser-Agent: Mozilla/5.0 (X11; Linux x86_64) Chrome/150.0\r\n"
    "Sec-Fetch-Mode: navigate\r\nSec-Fetch-Dest: document\r\n"
)


async def ask(port: int, path: str, until: float, taken: list[float], answers: dict[str, int]) -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    while time.perf_counter() < until:
        number = next(NUMBERS)
        address = f"10.{number >> 16 & 255}.{number >> 8 & 255}.{number & 255}"
        began = time.perf_counter()
        writer.write(f"GET {path} HTTP/1.1\r\n{BROWSER}X-Forwarded-For: {address}\r\n\r\n".encode())
        head = await reader.readuntil(b"\r\n\r\n")
        length = next((line for line in head.lower().split(b"\r\n") if line.startswith(b"content-length:")), b":0")
        await reader.readexactly(int(length.partition(b":")[2]))
        taken.append((time.perf_counter() - began) * 1000)
        status = head[9:12].decode()
        answers[status] = answers.get(status, 0) + 1
    writer.close()


async def run(port: int, path: str, clients: int, seconds: float) -> dict[str, object]:
    taken: list[float] = []
    answers: dict[str, int] = {}
    began = time.perf_counter()
    await asyncio.gather(*(ask(port, path, began + seconds, taken, answers) for _ in range(clients)))
    taken.sort()
    return {
        "per_s": len(taken) / (time.perf_counter() - began), "p50_ms": taken[len(taken) // 2],
        "p99_ms": taken[len(taken) * 99 // 100], "answers": answers,
    }  # fmt: skip


if __name__ == "__main__":
    print(json.dumps(asyncio.run(run(int(sys.argv[1]), sys.argv[2], int(sys.argv[3]), float(sys.argv[4])))))
