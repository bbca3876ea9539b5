"""What was done, for those who answer for it: the audit, page by page."""
