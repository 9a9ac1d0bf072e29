"""What every request passes: intake, guard, the call of the database, answers and problems."""
