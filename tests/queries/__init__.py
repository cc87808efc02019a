"""What is read: what is found, and by which index."""
