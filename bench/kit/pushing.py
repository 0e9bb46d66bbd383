"""Token Sync at its busiest, as a process of its own: every source's price of every token, ten times a second."""

import http.client
import json
import random
import sys
import time

SOURCES = ("alpha", "bravo", "charlie")
EVERY_S = 0.1005
"""A hair slower than the 600 calls a minute that one key has."""
BODIES = 64
"""Made before the first call and sent in turn, each time with a new time: making them takes no core meanwhile."""
TIME = "0000000000000"


def main() -> None:
    """Port, seconds and key come as words, mints on standard input; what was accepted goes out as one JSON line."""
    port, seconds, key = int(sys.argv[1]), float(sys.argv[2]), sys.argv[3]
    mints = sys.stdin.read().split()
    bodies = made(mints)
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
    headers = {"Authorization": f"Bearer {key}", "Content-Type": "application/json"}
    calls = accepted = late = 0
    refused: dict[str, int] = {}
    begun = time.monotonic()
    while (due := begun + calls * EVERY_S) < begun + seconds:
        time.sleep(max(0.0, due - time.monotonic()))
        late += time.monotonic() > due + EVERY_S
        body = bodies[calls % BODIES].replace(TIME.encode(), str(time.time_ns() // 1_000_000).encode())
        connection.request("POST", "/api/v1/prices", body=body, headers=headers)
        answer = connection.getresponse()
        told = json.loads(answer.read())
        accepted += told.get("accepted", 0)
        for one in told.get("refused", []):
            refused[one["reason"]] = refused.get(one["reason"], 0) + 1
        if answer.status != http.HTTPStatus.OK:
            refused[str(answer.status)] = refused.get(str(answer.status), 0) + 1
        calls += 1
    print(json.dumps({"calls": calls, "accepted": accepted, "refused": refused, "late": late}))


def made(mints: list[str]) -> list[bytes]:
    """Every price differs a little from call to call and from source to source."""
    rng = random.Random(7)
    prices = {mint: 10 ** rng.uniform(-3, 3) for mint in mints}
    bodies = []
    for _ in range(BODIES):
        ticks = []
        for mint, price in prices.items():
            for source in SOURCES:
                ticks.append(f'{{"mint":"{mint}","source":"{source}","price":"{price * rng.uniform(0.999, 1.001):.9f}",'
                             f'"volume":"1.5","side":"buy","at":{TIME}}}')  # fmt: skip
        bodies.append(('{"ticks":[' + ",".join(ticks) + "]}").encode())
    return bodies


if __name__ == "__main__":
    main()
