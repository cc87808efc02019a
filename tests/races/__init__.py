"""Real races, on real databases: one winner each, and the loser is told who won."""
