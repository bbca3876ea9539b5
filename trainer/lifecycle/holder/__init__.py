"""What the holder lets others see of their name."""
