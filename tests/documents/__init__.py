"""Files that agents attach: recognized, drawn and read."""
