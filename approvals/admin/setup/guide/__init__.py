"""What leads a new installation: the checklist on the home page, and help that ships with the product."""
