"""Ten million decided actions and a million that wait: sizes, and how long each page takes."""
