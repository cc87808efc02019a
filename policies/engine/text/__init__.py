"""What a text really holds: its characters and scripts, what it looks like, and what its markup says."""
