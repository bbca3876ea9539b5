"""The check from pinned keys alone: no database, no network; and the page that does it in a browser."""
