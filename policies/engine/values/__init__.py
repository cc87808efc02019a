"""Values that documents and inputs are made of, and how they are read."""
