"""The append-only log: what becomes a leaf, how it grows, and what is read and proved from it."""
