"""One-way constraints kept by incremental planning, after DeltaBlue: classes, dispatch, lists, recursion."""

REQUIRED, STRONG, NORMAL, WEAK = range(4)
LENGTH = 400
ROUNDS = 12


class Variable:
    def __init__(self, name, value):
        self.name = name
        self.value = value
        self.constraints = []
        self.determined_by = None
        self.strength = WEAK
        self.mark = 0


class Constraint:
    def __init__(self, strength):
        self.strength = strength

    def add_to(self, planner):
        for variable in self.variables():
            variable.constraints.append(self)
        planner.satisfy(self)

    def remove_from(self, planner):
        output = self.output() if self.is_satisfied() else None
        for variable in self.variables():
            variable.constraints.remove(self)
        if output is not None and output.determined_by is self:
            output.determined_by = None
            output.strength = WEAK
            planner.repair(output)


class Stay(Constraint):
    def __init__(self, variable, strength):
        super().__init__(strength)
        self.variable = variable

    def variables(self):
        return [self.variable]

    def output(self):
        return self.variable

    def inputs(self):
        return []

    def is_satisfied(self):
        return self.variable.determined_by is self

    def choose(self, mark):
        variable = self.variable
        return variable.mark != mark and (variable.determined_by is None or self.strength < variable.strength)

    def walkabout_strength(self):
        return self.strength

    def execute(self):
        pass


class Edit(Stay):
    pass


class Binary(Constraint):
    def __init__(self, first, second, strength):
        super().__init__(strength)
        self.first = first
        self.second = second
        self.forward = None

    def variables(self):
        return [self.first, self.second]

    def is_satisfied(self):
        return self.forward is not None and self.output().determined_by is self

    def output(self):
        return self.second if self.forward else self.first

    def input(self):
        return self.first if self.forward else self.second

    def inputs(self):
        return [self.input()]

    def choose(self, mark):
        first, second = self.first, self.second
        for forward, output in ((True, second), (False, first)):
            if output.mark != mark and (output.determined_by is None or self.strength < output.strength):
                self.forward = forward
                return True
        self.forward = None
        return False

    def walkabout_strength(self):
        return max(self.strength, self.input().strength)


class Equality(Binary):
    def execute(self):
        self.output().value = self.input().value


class Scale(Binary):
    def __init__(self, first, second, factor, offset):
        super().__init__(first, second, REQUIRED)
        self.factor = factor
        self.offset = offset

    def execute(self):
        if self.forward:
            self.second.value = self.first.value * self.factor + self.offset
        else:
            self.first.value = (self.second.value - self.offset) // self.factor


class Planner:
    def __init__(self):
        self.mark = 0
        self.executed = 0

    def satisfy(self, constraint):
        self.mark += 1
        pending = [constraint]
        while pending:
            current = pending.pop()
            if not current.choose(self.mark):
                continue
            for variable in current.inputs():
                variable.mark = self.mark
            output = current.output()
            overridden = output.determined_by
            output.determined_by = current
            output.mark = self.mark
            self.propagate(output)
            if overridden is not None and overridden is not current:
                pending.append(overridden)

    def propagate(self, start):
        pending = [start]
        seen = set()
        while pending:
            variable = pending.pop()
            if variable.name in seen:
                continue
            seen.add(variable.name)
            constraint = variable.determined_by
            if constraint is not None:
                variable.strength = constraint.walkabout_strength()
                constraint.execute()
                self.executed += 1
            for user in variable.constraints:
                if user is not constraint and user.is_satisfied() and user.output() is not variable:
                    pending.append(user.output())

    def repair(self, variable):
        for constraint in sorted(variable.constraints, key=lambda constraint: constraint.strength):
            if not constraint.is_satisfied():
                self.satisfy(constraint)
        self.propagate(variable)


def chain(planner):
    variables = [Variable(f"v{number}", 0) for number in range(LENGTH)]
    for first, second in zip(variables, variables[1:]):
        Equality(first, second, REQUIRED).add_to(planner)
    Stay(variables[-1], NORMAL).add_to(planner)
    found = []
    for value in range(1, 6):
        edit = Edit(variables[0], STRONG)
        variables[0].value = value
        edit.add_to(planner)
        found.append(variables[-1].value)
        edit.remove_from(planner)
    return found


def projection(planner):
    found = []
    pairs = []
    for number in range(LENGTH // 2):
        source, target = Variable(f"s{number}", number), Variable(f"t{number}", 0)
        Stay(source, NORMAL).add_to(planner)
        Scale(source, target, 10, 1000).add_to(planner)
        pairs.append((source, target))
    for source, target in pairs:
        edit = Edit(source, STRONG)
        source.value += 17
        edit.add_to(planner)
        found.append(target.value)
        edit.remove_from(planner)
    return sum(found)


def run():
    planner = Planner()
    return [(chain(planner), projection(planner)) for _ in range(ROUNDS)], planner.executed
