"""Input and documents in, an evaluation out: plain Python without Django, clock or I/O, so it is reproducible."""
