"""The editor of drafts: what forms and tables show of a document's plain value, and what they make of it."""
