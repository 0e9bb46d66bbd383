"""Breaks each check, or those whose name or test holds one of the words given; says which tests did not notice."""

import os
import signal
import sys
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from queue import SimpleQueue

from tests.faults.mutants import MUTANTS
from tests.faults.mutants.mutant import Mutant
from tests.faults.mutants.scratch import Scratch, scratch

LAST_WORDS = 1500


def main(words: Sequence[str]) -> int:
    chosen = [one for one in MUTANTS if not words or any(word in f"{one.what} {one.test}" for word in words)]
    processes, free = int(os.environ.get("PROCESSES", "2")), SimpleQueue[Scratch]()

    def run(mutant: Mutant) -> bool:
        at = free.get()
        try:
            return is_noticed(at, mutant)
        finally:
            free.put(at)

    with places(processes) as made:
        for at in made:
            free.put(at)
        pool = ThreadPoolExecutor(processes)
        try:
            noticed = sum(pool.map(run, chosen))
        finally:
            pool.shutdown(cancel_futures=True)
        print(f"{noticed} of {len(chosen)} broken checks were noticed by their test.", flush=True)
        return 0 if is_sound(made[0], chosen) and noticed == len(chosen) else 1


def is_sound(at: Scratch, mutants: Sequence[Mutant]) -> bool:
    """Whether all the tests pass while nothing is broken."""
    seen = at.ask(sorted({mutant.test for mutant in mutants}))
    if seen.failures or not seen.passed:
        print(f"Nothing is broken, and yet:\n{seen.said[-LAST_WORDS:]}", flush=True)
        return False
    print(f"Nothing broken, they pass: {seen.passed}.", flush=True)
    return True


def is_noticed(at: Scratch, mutant: Mutant) -> bool:
    began = time.monotonic()
    seen = at.broken(mutant)
    is_seen = seen.is_noticed(mutant.raising)
    told = "noticed    " if is_seen else "NOT NOTICED"
    print(f"{told} {mutant.what} ({time.monotonic() - began:.0f} s)", flush=True)
    if not is_seen:
        print(f"  {mutant.path}, {mutant.test}: {seen.failures}\n{seen.said[-LAST_WORDS:]}", flush=True)
    return is_seen


@contextmanager
def places(number: int) -> Iterator[list[Scratch]]:
    """So many scratch copies, each with engines of its own."""
    if number == 0:
        yield []
        return
    with scratch() as one, places(number - 1) as others:
        yield [one, *others]


if __name__ == "__main__":
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))  # so that engines and copies are put away
    sys.exit(main(sys.argv[1:]))
