"""Who may see, decide and be asked: reads and rules that never write."""
