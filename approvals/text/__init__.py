"""Pure text and value functions: no rows, no clock."""
