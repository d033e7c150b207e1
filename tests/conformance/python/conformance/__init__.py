"""Runs one file of a package's own tests, and tells what came of each test."""
