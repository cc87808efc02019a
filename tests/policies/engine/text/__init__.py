"""What a text holds, whatever it looks like."""
