"""The door of reviewers and compliance officers: Django's admin with our pages."""
