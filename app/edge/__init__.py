"""What every request passes: authentication, validation, the call of the database, and the answer."""
