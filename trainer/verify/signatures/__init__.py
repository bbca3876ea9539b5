"""Whether a paper is signed, by whose key, and whether a root vouches for that key."""
