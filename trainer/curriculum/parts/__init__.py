"""What a course is made of, each read from its file: modules, lessons, exercises, summaries, lists."""
