"""Whose runs are counted, and what they come to."""
