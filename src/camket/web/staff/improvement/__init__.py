"""The improvement cycle: audits, nonconformities, risks, reviews, self-assessments, each a room of its own."""
