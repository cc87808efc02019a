"""What runs in the process with limits: nothing here is imported by any other process, and nothing it says is trusted."""
