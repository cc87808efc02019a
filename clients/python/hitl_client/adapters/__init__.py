"""Tools of agent frameworks that run only with approved arguments, one module for each framework."""
