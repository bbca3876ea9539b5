"""Second chances: further tries and sittings with their plan, and requirements that are waived."""
