"""How far somebody has come, and what comes first."""
