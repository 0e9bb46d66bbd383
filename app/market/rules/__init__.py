"""What is decided about prices, without knowing where they come from or go to."""
