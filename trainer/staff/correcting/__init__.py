"""A name or an address is corrected before there is a certificate."""
