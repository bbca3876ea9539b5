"""What we answered, signed and dated, for the file of whoever asked."""
