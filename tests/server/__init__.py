"""Rules of the district server, on SQLite and on PostgreSQL."""
