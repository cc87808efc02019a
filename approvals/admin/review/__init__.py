"""The decision page and everything a reviewer does from it."""
