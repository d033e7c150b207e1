"""Never imported: the interpreter has its own."""

raise AssertionError
