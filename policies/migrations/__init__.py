"""The steps by which the tables and guards of policies came to be, one change each."""
