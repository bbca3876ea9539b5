"""Every part of a page with its states, on one page, for whoever builds pages."""
