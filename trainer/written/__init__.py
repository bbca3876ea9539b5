"""Written tasks: an answer in one's own words, which people rate blind by a rubric with anchors."""
