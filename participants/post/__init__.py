"""What reaches people by mail."""
