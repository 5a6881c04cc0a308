"""Reads of this package, by subject: the catalogue, dossiers, work lists, letters, sums of counts."""
