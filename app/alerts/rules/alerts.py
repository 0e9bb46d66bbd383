"""The life of an alert, and how bad it can be."""

STATES = ("firing", "acknowledged", "resolved")
SEVERITIES = ("info", "warning", "critical")
"""From least to worst."""
