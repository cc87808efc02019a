"""Standing rules and samples."""
