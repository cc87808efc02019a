"""Read versions, templates and past cases."""
