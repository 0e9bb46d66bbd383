"""Contests: their life, evaluation, ranking, ties, prizes and evidence."""
