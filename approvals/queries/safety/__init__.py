"""What is stopped right now, and who may stop it."""
