"""The hot wallet on Solana: built and signed by the signer, sent and followed by us."""
