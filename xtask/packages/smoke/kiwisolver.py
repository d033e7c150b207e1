"""Solves constraints by strength."""

from kiwisolver import Solver, Variable


def check() -> None:
    solver, x, y = Solver(), Variable("x"), Variable("y")
    solver.addConstraint(x + y == 10)
    solver.addConstraint((x >= 4) | "strong")
    solver.addConstraint(y - x >= 0)
    solver.updateVariables()
    assert x.value() + y.value() == 10 and 4 <= x.value() <= y.value()
