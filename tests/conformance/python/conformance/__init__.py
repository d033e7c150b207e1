"""Runs one file of a package's tests, and reports the outcome of each test."""
