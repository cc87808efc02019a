"""Who may change the catalog."""
