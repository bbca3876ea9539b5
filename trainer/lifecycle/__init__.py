"""What becomes of a certificate after its issue: suspended, lifted, revoked, given back, replaced, erased."""
