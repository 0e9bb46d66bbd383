"""The life of an alert, and how bad it can be."""

STATES = ("firing", "acknowledged", "resolved")
SEVERITIES = ("info", "warning", "critical")
"""From least to worst."""
WEIGHTS = {severity: weight for weight, severity in enumerate(SEVERITIES)}

LONGEST_MINUTES = 7 * 24 * 60
"""So long an alert is acknowledged, snoozed or silenced at most."""
