"""The inspector's pack: a year's evidence clause by clause, as one PDF and as one folder that opens without a network."""
