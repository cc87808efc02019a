"""Figures for people who answer for automation: shares, trends, queues."""
