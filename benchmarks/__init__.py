"""Measurements, never tests: ratios within one run, and growth as data grows tenfold. ``make bench`` runs them all."""
