"""What a verifier pins in order to check without us: the keys and lists, the file they come in, and what follows it."""
