"""One agent of each framework, with a scripted model."""
