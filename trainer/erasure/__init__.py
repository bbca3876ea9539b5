"""Delete what we know about a person, and keep provable that we issued what we issued."""
