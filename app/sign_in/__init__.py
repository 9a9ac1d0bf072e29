"""Sign-in: codes, passwords, tokens, and keys that the database must not have."""
