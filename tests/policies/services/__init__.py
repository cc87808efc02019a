"""Tests of drafting and publishing."""
