"""A made-up marketplace for the demo and the tests."""
