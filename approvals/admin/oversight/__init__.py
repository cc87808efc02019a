"""Oversight pages: standing rules, spot checks, halts, break-glass access, inventory."""
