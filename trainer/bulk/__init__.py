"""The public counter for many certificates at once."""
