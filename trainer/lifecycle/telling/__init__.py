"""Write down what was decided, tell the holder, and remind them before the end."""
