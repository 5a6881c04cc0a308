"""Signing in and out, the person's own page, password and language."""
