"""Pages of self-assessments by ISO 18091 (tự đánh giá)."""
