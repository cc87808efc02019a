"""Reading the versions in force and the templates that ship with the product."""
