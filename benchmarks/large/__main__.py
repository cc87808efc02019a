"""`python -m benchmarks.large`: as `python -m benchmarks`, with a database that is filled fast."""

from benchmarks.__main__ import main

# What is filled in is thrown away, so nothing has to survive a power cut, and autovacuum would only compete.
TUNING = {
    "fsync": "off",
    "full_page_writes": "off",
    "synchronous_commit": "off",
    "wal_level": "minimal",
    "max_wal_senders": "0",
    "max_wal_size": "4GB",
    "checkpoint_timeout": "30min",
    "autovacuum": "off",
    "shared_buffers": "2GB",
    "maintenance_work_mem": "1GB",
    "max_parallel_maintenance_workers": "0",
}

if __name__ == "__main__":
    main("benchmarks.large.suite", TUNING, {"HITL_UNDO_SECONDS": "0"})
