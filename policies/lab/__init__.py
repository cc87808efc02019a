"""Trying a policy on what already happened before it counts: cases, backtest, shadow, calibration, in plain Python."""
