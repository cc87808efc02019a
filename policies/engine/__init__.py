"""Facts and documents in, a ruling out: plain Python, no Django, clock or I/O, so that a ruling can be reproduced."""
