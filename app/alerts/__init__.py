"""What goes wrong and what stops because of it: alerts and breakers."""
