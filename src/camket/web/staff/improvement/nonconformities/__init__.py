"""Pages of nonconformities and corrective action (sự không phù hợp, hành động khắc phục)."""
