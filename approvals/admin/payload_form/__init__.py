"""Renders a payload as a typed form from its JSON Schema and reads the edits."""
