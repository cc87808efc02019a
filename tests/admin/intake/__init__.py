"""What people start in the admin, and overrides of a block."""
