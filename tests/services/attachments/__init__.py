"""Documents of actions: uploads, what an action holds of them, their removal and their erasure."""
