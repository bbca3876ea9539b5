"""The sentences of the counter, and the evidence beside them; which of them is said, `judging` decides."""
