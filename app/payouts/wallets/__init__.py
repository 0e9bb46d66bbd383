"""Ways for money to leave, behind one port."""
