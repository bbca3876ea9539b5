"""Figures of the course drawn from data: read, checked, drawn, and said again as a table."""
