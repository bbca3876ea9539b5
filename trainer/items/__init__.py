"""Questions: the language they are written in, how each kind is asked and answered, and what an answer earns."""
