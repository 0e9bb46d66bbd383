"""The market process: it reads the stream of accepted ticks, cuts frames of what changed, and has everything stored."""
