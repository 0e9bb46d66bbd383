"""The process that holds the hot wallet's key, and signs only what two people agreed on."""
