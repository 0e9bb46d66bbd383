"""Why a call has no answer."""

from .shapes import Problem


class CallRefused(Exception):
    """The API says no: what happened, what to do about it, and each thing that is wrong with the call."""

    def __init__(self, problem: Problem, *, retry_after_s: float | None) -> None:
        super().__init__(f"{problem['status']} {problem['detail']} {problem.get('fix') or ''}".strip())
        self.problem = problem
        self.status = problem["status"]
        self.retry_after_s = retry_after_s

    @property
    def places(self) -> list[str]:
        """JSON pointers into the body, or names of parameters, that are wrong."""
        faults = self.problem.get("errors") or []
        return [place for fault in faults if (place := fault.get("pointer") or fault.get("parameter"))]


class NoAnswer(Exception):
    """Nothing came back, however often it was sent. A call with a key may be sent again with the same key."""
