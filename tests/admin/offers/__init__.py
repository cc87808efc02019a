"""What pages offer: everything that is offered works."""
