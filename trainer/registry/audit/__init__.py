"""The registry held against the log: one certificate at the counter, all of it for the operator."""
