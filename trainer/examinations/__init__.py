"""Examinations in cases: forms drawn by a blueprint, flags that people decide, a result with its error."""
