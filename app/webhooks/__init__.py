"""Webhooks out: what happened is told to other programs, at least once, signed."""
