"""What the tests start: the product, and a server with real effects."""
