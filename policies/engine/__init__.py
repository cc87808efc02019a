"""Facts and documents in, an evaluation out: plain Python, no Django, clock or I/O, so that an evaluation can be reproduced."""
