"""Named states of the database that show the desk at work."""
