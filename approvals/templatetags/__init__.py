"""What templates need to show a record safely."""
