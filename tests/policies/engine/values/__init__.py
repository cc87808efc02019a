"""Values that documents and inputs are made of."""
