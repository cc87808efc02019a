"""Whom a stage asks: assignees, employees, duty and calendars."""
