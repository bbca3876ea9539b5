"""What is open to everybody beside the log: the issuer's keys and the status lists."""
