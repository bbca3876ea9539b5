"""What was issued, and what became of it: appended, never changed."""
