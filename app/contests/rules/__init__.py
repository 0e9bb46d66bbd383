"""Pure rules of contests: no database, no Flask."""
