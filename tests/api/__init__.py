"""The door of agents and integrators, from outside."""
