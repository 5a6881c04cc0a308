"""The improvement cycle: nonconformities, risks, audits, reviews."""
