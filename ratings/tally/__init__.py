"""The arithmetic of results: pure, without database and clock."""
