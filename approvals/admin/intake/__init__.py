"""What people start in the admin: an action of their own, or an override of a block."""
