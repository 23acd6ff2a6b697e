"""What lies on disk: photos, durable writes, locks."""
