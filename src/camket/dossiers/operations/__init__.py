"""Writes of this package, by subject: the catalogue, the clock of a dossier, letters of apology."""
