"""Bringing in what the one-stop software exports: read, mapped, checked, previewed, applied, undone."""
