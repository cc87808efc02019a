"""A new kind of action: inferred from examples, with policies from cards and a gallery."""
