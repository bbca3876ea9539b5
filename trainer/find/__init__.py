"""Find a page, a lesson, a case, a word, a person: one field for all that somebody may see."""
