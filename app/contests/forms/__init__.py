"""What may be handed in to contests."""
