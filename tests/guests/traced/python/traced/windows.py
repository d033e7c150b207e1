# vim: set fileencoding=cp1252 :
"""A source in an encoding of its own."""

PRICE = "7 €"
