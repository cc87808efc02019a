"""Evaluate inputs with documents, in plain Python without Django, clock or I/O, so that results are reproducible."""
