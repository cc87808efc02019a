"""The small office: what its commands write, back up and restore; `trial.py` tries it on a machine of its own."""
