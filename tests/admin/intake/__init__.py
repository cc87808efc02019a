"""Starting and overriding actions as pages."""
