"""Look values up before policy is asked: specs, fetching and results."""
