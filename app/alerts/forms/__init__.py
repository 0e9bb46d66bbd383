"""What a person hands in about alerts, silences and maintenance."""

from app.alerts.forms.handling import Acknowledge, Assign, Note, Resolve, SilenceForm, Snooze

__all__ = ["Acknowledge", "Assign", "Note", "Resolve", "SilenceForm", "Snooze"]
