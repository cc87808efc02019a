"""The door of agents and integrators: REST under /api/v1/."""
