"""What is published openly and stands in the log in plain words: issuer keys and status lists."""
