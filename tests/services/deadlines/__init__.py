"""What the clock reminds of, escalates and ends."""
