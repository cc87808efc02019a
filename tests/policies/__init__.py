"""Tests of policies: the judge, and the versions that it judges by."""
