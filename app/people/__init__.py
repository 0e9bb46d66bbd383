"""Everything about one person on one page, put together from what the domains below tell of a wallet."""
