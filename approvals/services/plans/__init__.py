"""Open and close the stages of an approval plan, with quorum and due times."""
