"""Where people decide: flags one by one, and sittings too near the cut for a machine."""
