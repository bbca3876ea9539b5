"""Help in place: short answers, a map of keys, and a tour of four steps that can be skipped for ever."""
