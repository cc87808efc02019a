"""Shows, on real parts, that the product does what it says."""
