"""Every read of what is public and of what is prepared for it."""
