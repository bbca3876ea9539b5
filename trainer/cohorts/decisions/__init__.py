"""Take back a decision that was never issued, and confer again."""
