"""The admin as people use it: through requests, with the rights that their logins have."""
