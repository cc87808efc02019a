"""Tests of the client, which reach the product only over HTTP."""
