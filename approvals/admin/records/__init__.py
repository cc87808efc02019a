"""Read-only record pages and the CSV export."""
