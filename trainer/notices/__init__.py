"""What people are told: mail that waits to be sent, and what became of each attempt."""
