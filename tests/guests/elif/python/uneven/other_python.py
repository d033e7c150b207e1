# -*- coding: koi8-r -*-
"""For Python 2: да."""

print "two"
