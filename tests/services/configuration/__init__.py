"""Changes of the configuration: the folder of files."""
