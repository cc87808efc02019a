"""What many actions tell together."""
