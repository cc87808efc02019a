"""Keep the directory of employees, subject owners and duties."""
