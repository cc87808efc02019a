"""Tests of the pages on which policies are read."""
