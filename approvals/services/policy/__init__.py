"""Ask policy about an action: input, budgets, evaluation, replay."""
