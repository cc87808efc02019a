"""Documents and input in, one ruling out."""
