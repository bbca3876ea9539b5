"""What keys of ours signed, compared with what was entered: however a signature is written, it is about one thing."""
