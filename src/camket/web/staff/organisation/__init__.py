"""The pages of the agency itself: its data, units, people, names in documents, and its journal."""
