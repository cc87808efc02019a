"""The pure judge: facts in, evaluation out, and the versioned documents that people judge by."""
