"""Trainer trains and certifies psychedelic-assisted therapists."""
