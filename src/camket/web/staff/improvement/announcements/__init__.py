"""Pages of announcements of conformity (công bố hệ thống quản lý chất lượng)."""
