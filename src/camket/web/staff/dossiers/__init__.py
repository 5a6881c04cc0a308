"""Dossiers of administrative procedures: lists, work of the day, letters on late ones, Biểu II.06a."""
