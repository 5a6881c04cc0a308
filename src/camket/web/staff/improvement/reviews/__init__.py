"""Pages of management reviews (xem xét của lãnh đạo)."""
