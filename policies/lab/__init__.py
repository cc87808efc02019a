"""Try policies on past or written cases before they apply, in plain Python."""
