"""What every call has in common: request, errors, pages, waiting, description."""
