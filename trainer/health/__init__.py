"""Is it up, and does the worker work? For load balancers, for the desk, and for people who wonder."""
