"""Wallet Services, which keeps the keys and moves the money; we ask, and are told."""
