"""Can this installation serve? The questions `flask doctor` asks, each answered in one line with what to do."""

from collections.abc import Iterator, Mapping

from app.config import Config
from app.core.doctor.exposure import exposure_findings
from app.core.doctor.findings import Finding
from app.core.doctor.machine import MACHINE_CHECKS, unknown_keys
from app.core.doctor.stores import database_findings, valkey_findings

__all__ = ["Finding", "examine"]


def examine(config: Config, environ: Mapping[str, str]) -> Iterator[Finding]:
    """One finding after another; starts and changes nothing."""
    yield unknown_keys(environ)
    for check in MACHINE_CHECKS:
        yield check(config)
    yield from exposure_findings(config, environ)
    yield from database_findings(config)
    yield from valkey_findings(config)
