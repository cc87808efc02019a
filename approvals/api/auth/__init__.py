"""Who is calling, what a call is for, and how often."""
