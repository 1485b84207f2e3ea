"""Drives executors and servers, breaks them, and writes down what they answered."""
