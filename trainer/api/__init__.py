"""The public counter for machines."""
