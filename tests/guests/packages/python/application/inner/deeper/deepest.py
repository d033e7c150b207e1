"""A module three packages deep."""

import sibling

from ... import names
from .. import INNER
from ..left import other

SEEN = (names.PUBLIC, INNER, other(), sibling.NAME)
