"""The source of truth for prices."""
