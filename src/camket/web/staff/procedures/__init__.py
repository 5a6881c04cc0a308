"""The pages of the catalogue of administrative procedures: list, editions, posting, spreadsheets in and out."""
