"""Policy documents: text, sections, plans, embedded tests."""
