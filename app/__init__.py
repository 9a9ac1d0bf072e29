"""The HTTP edge: validate, call one SQL function, pass its answer on. What is true or allowed is decided in sql/."""
