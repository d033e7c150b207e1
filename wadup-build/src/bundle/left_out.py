"""Says of a module that this guest does without how to have it."""

import sys


class LeftOut:
    names = None

    @classmethod
    def find_spec(cls, name, path=None, target=None):
        if cls.names is None:
            with open(__file__.removesuffix("py") + "txt", encoding="utf-8") as file:
                cls.names = frozenset(file.read().split())
        if name in cls.names:
            raise ModuleNotFoundError(
                f"No module named {name!r}: the guest was built without it; to have it, add "
                f'"{name}" to `stdlib-modules` of [tool.wadup] in pyproject.toml',
                name=name,
            )


sys.meta_path.append(LeftOut)
