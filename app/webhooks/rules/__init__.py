"""Rules of webhooks: which events there are, how they are signed, where they may go, when they are tried again."""
