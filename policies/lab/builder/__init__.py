"""Conditions as rows of a field, a comparison and a value: written as CEL, read back, and said in words."""
