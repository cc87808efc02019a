"""Files that agents attach: recognized by their content, drawn and read in a process with limits, never run."""
