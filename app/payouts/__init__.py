"""Money: what is owed, who agreed to it, and how it leaves exactly once."""
