"""Measurements of the whole product on real servers, each beside the least that the same work could cost."""
