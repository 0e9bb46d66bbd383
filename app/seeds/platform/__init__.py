"""The simulated platform: the players' site as the demo has it, playing short contests on the simulated market."""
