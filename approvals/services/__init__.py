"""The only writers: each service is one call, one durable transaction and one ledger entry for each change."""
