"""Real PostgreSQL, Valkey and HTTP servers for the tests, started without the system and gone with the run."""
