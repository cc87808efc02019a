"""Pages that set the gate up."""
