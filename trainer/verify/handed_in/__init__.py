"""Reading what was given: a number, an address, a credential as text, or a file, before anything is known of it."""
