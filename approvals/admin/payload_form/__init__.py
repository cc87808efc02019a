"""A payload as a typed form: what its JSON Schema says, what it holds, and what a reviewer made of it."""
