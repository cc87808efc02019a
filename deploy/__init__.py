"""What starts HITL on machines."""
