"""The admin for reviewers and compliance officers: Django's admin with our own pages."""
