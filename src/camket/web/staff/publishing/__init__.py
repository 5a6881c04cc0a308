"""What the public sees, as the staff prepares and publishes it."""
