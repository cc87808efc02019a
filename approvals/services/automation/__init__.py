"""Let actions run without a person: standing rules, their limits, samples."""
