"""The product's settings with no middleware and one address."""

from hitl_project import settings as product

globals().update({name: getattr(product, name) for name in dir(product) if name.isupper()})

MIDDLEWARE: list[str] = []
ROOT_URLCONF = "benchmarks.bare.urls"
