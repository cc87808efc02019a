"""The policy engine, and the versioned policy documents."""
