"""Another certificate takes the place of one: with another name, or for another term."""
