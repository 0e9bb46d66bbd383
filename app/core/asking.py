"""Asking services of others."""


class Unreachable(Exception):
    """Whom we asked did not answer, or not in its own language: nothing is known."""
