"""Services that draft, publish and retire versions; only they write policies."""
