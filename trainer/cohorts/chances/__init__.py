"""Decide how somebody goes on who cannot go on by themselves."""
