"""Account pages: preferences, tokens, out of office, and the demo mailbox."""
