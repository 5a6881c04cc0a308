"""The office's registers: one set of pages for all of them, made from their definitions."""
