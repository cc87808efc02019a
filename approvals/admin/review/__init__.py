"""The review page and every action a reviewer takes from it."""
