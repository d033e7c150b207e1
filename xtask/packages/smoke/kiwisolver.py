"""A system of constraints, and values of its variables."""

from kiwisolver import Solver, Variable


def check():
    solver, x, y = Solver(), Variable("x"), Variable("y")
    for constraint in (x + y == 10, (x >= 4) | "strong", y - x >= 0):
        solver.addConstraint(constraint)
    solver.updateVariables()
    assert x.value() + y.value() == 10 and x.value() >= 4 and y.value() >= x.value()
    solver.addEditVariable(x, "weak")
    solver.suggestValue(x, 4.5)
    solver.updateVariables()
    assert x.value() == 4.5 and y.value() == 5.5
