"""How approved actions reach the world: one file each, all alike."""
