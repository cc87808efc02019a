"""A policy in sentences and pictures, and what is different between two of its versions."""
