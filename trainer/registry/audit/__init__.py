"""All of it: the log recomputed from its entries, and the whole registry compared with it."""
