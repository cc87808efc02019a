"""What is decided on: payloads and targets."""
