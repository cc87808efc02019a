"""A Django site with one view, which writes the rows of a proposal and does nothing else."""
