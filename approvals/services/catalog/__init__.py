"""Change what decides how actions are judged: types, agents, people, desks."""
