"""Enter what was decided about a certificate, recall an ending, and make it final."""
