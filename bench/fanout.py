"""Frames to a crowd of pages: our web process against Socket.IO's own server on Node, Flask-SocketIO as it comes and
bare C, each told the same 100 changed tokens ten times a second.

    NODE_PATH=…/node_modules python -m bench.fanout --viewers 1000 --rounds 5 --saturation

The server has the first core, the pages the second. Node is left out without NODE_PATH, which
`npm install socket.io` fills; bare C without a compiler.
"""

import argparse
import resource
import sys
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from statistics import median

from bench.kit.instance import instance
from bench.kit.memory import MB, own_memory
from bench.kit.pages import cookies_for, looking_at
from bench.kit.peers import BARE, NODE, OURS, STOCK, Peer, found, rows_of_frames
from bench.kit.rounds import machine

FAIR = 0.03
STALLED_S = 12.0
LATE_MS = 250
STEP = 1.15
BUSY = 0.95

Results = dict[str, list[dict[str, float]]]
Verdict = tuple[str, float, str, float]
"""What, its value, "least" or "most", and the bound."""


def told(peers: Mapping[str, Peer], cookies: list[str], viewers: int, seconds: float, rounds: int) -> Results:
    results: Results = {name: [] for name in peers}
    for number in range(rounds):
        for name, peer in peers.items():
            with peer() as server, looking_at(server, cookies) as pages:
                connect_s = pages.connect(viewers)
                pages.warm_up()
                results[name].append(pages.measure(seconds) | {"connect_s": connect_s})
        print(f"round {number + 1} of {rounds}", flush=True)
    return results


def stalled(peer: Peer, cookies: list[str], viewers: int) -> dict[str, float]:
    """A tenth of the pages read nothing for a while: what that costs, and what they see when they read again."""
    with peer() as server, looking_at(server, cookies) as pages:
        pages.connect(viewers)
        pages.warm_up()
        before, memory = pages.measure(STALLED_S / 2), own_memory(server.worker())
        pages.stall(viewers // 10)
        during = pages.measure(STALLED_S, awake=viewers - viewers // 10)
        grown = (own_memory(server.worker()) - memory) / MB
        return {"grown": grown, "slower": during["p99_ms"] / before["p99_ms"], **pages.wake()}


def saturation(peer: Peer, cookies: list[str], most: int) -> tuple[int, bool]:
    """The most pages that were all told in time, and whether it was the pages that could take no more."""
    reached = 0
    with peer() as server, looking_at(server, cookies) as pages:
        while (more := int(max(500, pages.count * STEP)) - pages.count) and pages.count + more <= most:
            pages.connect(more)
            pages.measure(1)
            seen = pages.measure(3)
            print(f"  {pages.count}: p99 {seen['p99_ms']:.0f} ms, {seen['delivered']:.1%} delivered", flush=True)
            if seen["p99_ms"] > LATE_MS or seen["delivered"] < 1 - FAIR:
                return reached, seen["client_cpu"] > BUSY
            reached = pages.count
    return reached, True


def show(results: Results) -> None:
    print(f"\n{'':<24}{'frames/cpu s':>13}{'delivered':>11}{'p50':>9}{'p99':>9}{'cpu':>7}{'connect':>9}")
    for name, runs in results.items():
        at = {key: median(one[key] for one in runs) for key in runs[0]}
        print(
            f"{name:<24}{at['per_cpu_s']:>13,.0f}{at['delivered']:>11.1%}{at['p50_ms']:>6.1f} ms{at['p99_ms']:>6.1f} ms"
            f"{at['cpu']:>7.2f}{at['connect_s']:>7.2f} s"
        )


def against(results: Results, name: str, key: str) -> float:
    """Our median by theirs, within each round."""
    return median(mine[key] / theirs[key] for mine, theirs in zip(results[OURS], results[name], strict=True))


def of_fanout(results: Results) -> Iterator[Verdict]:
    for name, bound in ((NODE, 1.6), (STOCK, 4.0), (BARE, 0.7)):
        if name in results:
            yield f"frames a CPU second / {name}", against(results, name, "per_cpu_s"), "least", bound
    if NODE in results:
        yield f"p99 / {NODE}", against(results, NODE, "p99_ms"), "most", 1.0
        yield f"time to connect / {NODE}", against(results, NODE, "connect_s"), "most", 1.25


def of_stalled(seen: Mapping[str, float]) -> Iterator[Verdict]:
    yield "MiB grown while a tenth stalled", seen["grown"], "most", 1.0
    yield "p99 of the others, by theirs before", seen["slower"], "most", 1.3
    yield "stale frames each saw on waking", seen["stale"], "most", 3.0


def judged(verdicts: Sequence[Verdict]) -> bool:
    """Prints a line for each. Whether all hold."""
    missed = 0
    for what, value, side, bound in verdicts:
        holds = value >= bound if side == "least" else value <= bound
        missed += not holds
        print(f"{what + ':':<52}{value:>8.2f} (at {side} {bound:g}) {'holds' if holds else 'MISSED'}")
    return not missed


def was_fair(results: Results) -> bool:
    return max(abs(1 - one["delivered"]) for runs in results.values() for one in runs) <= FAIR


def run(asked: argparse.Namespace, folder: Path) -> bool:
    with instance() as app:
        peers = found(app, rows_of_frames(), folder)
        most = asked.most if asked.saturation else asked.viewers
        cookies = cookies_for(app, most)
        results = told(peers, cookies, asked.viewers, asked.seconds, asked.rounds)
        print(f"\n{asked.viewers} viewers, {asked.seconds:g} s, {asked.rounds} rounds, {machine()}")
        show(results)
        verdicts = list(of_fanout(results))
        verdicts += of_stalled(stalled(peers[OURS], cookies, asked.viewers))
        if asked.saturation and NODE in peers:
            reached = {name: saturation(peers[name], cookies, most) for name in (OURS, NODE)}
            for name, (viewers, by_pages) in reached.items():
                print(f"{name}: {viewers} viewers in time{', the pages could take no more' if by_pages else ''}")
            verdicts.append((f"viewers in time / {NODE}", reached[OURS][0] / max(1, reached[NODE][0]), "least", 1.5))
        print()
        fair = was_fair(results)
        if not fair:
            print("The machine was too busy to deliver what was due: the figures say little")
        return judged(verdicts) and fair


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--viewers", type=int, default=1000)
    parser.add_argument("--seconds", type=float, default=6)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--saturation", action="store_true", help="also add viewers until frames come late")
    parser.add_argument("--most", type=int, default=9000, help="viewers at which that stops")
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    with tempfile.TemporaryDirectory() as folder:
        sys.exit(0 if run(parser.parse_args(), Path(folder)) else 1)


if __name__ == "__main__":
    main()
