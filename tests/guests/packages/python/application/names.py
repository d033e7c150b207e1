"""A module that its own package imports."""

PUBLIC = "public"
