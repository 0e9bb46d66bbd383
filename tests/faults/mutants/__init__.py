"""Every check of the gate and the API broken once: a table of what is broken, and of the test that notices.

`python -m tests.faults.mutants` breaks them one by one in a copy of the tree; the words after it choose some by name.
"""

from tests.faults.mutants import doors, going_out, limits, programs, reading, signing_in
from tests.faults.mutants.mutant import Mutant

MUTANTS: tuple[Mutant, ...] = (
    *doors.MUTANTS, *signing_in.MUTANTS, *limits.MUTANTS, *programs.MUTANTS, *reading.MUTANTS, *going_out.MUTANTS,
)  # fmt: skip
