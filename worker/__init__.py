"""What talks to the outside: asks SQL what to do, does it, tells SQL what came of it."""
