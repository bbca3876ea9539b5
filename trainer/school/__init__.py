"""The dress of a school: its name, colours, logo and words, from one file, checked before anything is shown."""
