"""Documents and input in, one evaluation out."""
