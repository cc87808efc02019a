"""What runs in the process with limits: no other process imports it, and nothing that it says is trusted."""
