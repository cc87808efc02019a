"""A person's own pages: preferences, tokens, out of office, mailbox."""
