"""Configuration changes that a second person decides on: asked for, described, checked and applied."""
