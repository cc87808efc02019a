"""The people and the versions that these tests start from."""

from tests.policies.versions import author, drafted, published, second

__all__ = ["author", "drafted", "published", "second"]
