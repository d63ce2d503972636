"""The gateway's contract: the dealer registry (Rule G0)."""
