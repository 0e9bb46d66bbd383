"""Pure rules of alerts and breakers: no database, no Flask."""
