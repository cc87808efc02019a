"""Tests of the judge itself, which need no database."""
