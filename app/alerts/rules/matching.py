"""What a silence means."""

from dataclasses import dataclass

from app.alerts.rules.services import SERVICES


@dataclass(frozen=True)
class Matcher:
    """None means all. `words` stand in an alert's subject, fingerprint or text, in lower case."""

    service: str | None = None
    severity: str | None = None
    words: str | None = None

    @property
    def is_empty(self) -> bool:
        return not (self.service or self.severity or self.words)

    @property
    def sentence(self) -> str:
        """Such as: critical alerts of Market with “pyth”."""
        of = f" of {SERVICES[self.service].label}" if self.service else ""
        about = f" with “{self.words}”" if self.words else ""
        return f"{self.severity or 'all'} alerts{of}{about}"
