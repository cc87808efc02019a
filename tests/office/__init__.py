"""The small office: what its commands write, back up and restore. `trial.py` tries all of it on a machine of its own."""
