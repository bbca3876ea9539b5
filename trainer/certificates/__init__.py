"""From a decision to a signed paper that nobody can change."""
