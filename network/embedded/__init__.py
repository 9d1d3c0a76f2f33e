"""Database backend for demo and tests: PostgreSQL from a wheel, started at the first connection."""
