"""The record and its order."""
