"""The commands that start, stop and reset the demo, as processes and in parts."""
