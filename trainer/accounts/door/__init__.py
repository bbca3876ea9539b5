"""Who may try a password, how fast, and how many at once."""
