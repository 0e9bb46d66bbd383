"""Every check of the gate and the API broken once: a table of what is broken, and of the test that notices.

`python -m tests.faults.mutants` breaks them one by one in a copy of the tree; words after it choose some of them.
"""

from tests.faults.mutants.doors import MUTANTS as DOORS
from tests.faults.mutants.going_out import MUTANTS as GOING_OUT
from tests.faults.mutants.limits import MUTANTS as LIMITS
from tests.faults.mutants.mutant import Mutant
from tests.faults.mutants.programs import MUTANTS as PROGRAMS
from tests.faults.mutants.reading import MUTANTS as READING
from tests.faults.mutants.signing_in import MUTANTS as SIGNING_IN

MUTANTS: tuple[Mutant, ...] = (*DOORS, *SIGNING_IN, *LIMITS, *PROGRAMS, *READING, *GOING_OUT)
