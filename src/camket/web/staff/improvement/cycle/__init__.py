"""The improvement cycle at a glance, and the rhythm and limits that the agency sets for it."""
