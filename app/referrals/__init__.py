"""Clicks, referrals, rewards, periods and what looks wrong about them."""
