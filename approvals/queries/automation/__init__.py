"""What runs without a person: standing rules and samples of it."""
