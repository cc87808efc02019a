"""Who may see, decide and be asked."""
