"""What a release has to be read again for: what is past its date, and all that rests on it."""
