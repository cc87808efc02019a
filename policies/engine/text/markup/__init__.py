"""HTML and links as their readers see them."""
