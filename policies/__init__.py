"""The pure judge: facts in, ruling out, and the versioned documents that people judge by."""
