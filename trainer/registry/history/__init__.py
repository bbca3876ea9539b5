"""One certificate: all the registry holds about it, laid beside what the log holds."""
