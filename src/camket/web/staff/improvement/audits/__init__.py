"""Pages of internal audits (đánh giá nội bộ)."""
