"""Write a receipt over what the log is now."""
