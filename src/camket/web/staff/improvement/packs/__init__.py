"""Pages of the inspector's pack (hồ sơ phục vụ kiểm tra)."""
