"""Other people's machines vouch that our log only grows."""
