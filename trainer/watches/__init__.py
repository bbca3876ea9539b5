"""Tell whoever asked when the status of a certificate changes."""
