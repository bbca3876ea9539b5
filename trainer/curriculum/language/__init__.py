"""From Markdown to what a lesson shows: boxes, checks, citations, figures."""
