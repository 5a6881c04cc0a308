"""The house's form fields: dates and numbers as Vietnamese officials type them."""
