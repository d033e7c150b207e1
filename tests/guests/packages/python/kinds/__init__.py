"""Several small programs; the input decides which one runs."""

from application import entry

from . import database, installed, large, system, texts, web

LARGE = 1 << 20


def main():
    with open("/data.bin", "rb") as file:
        beginning = file.read(LARGE)
    if beginning.startswith(database.MAGIC):
        database.tables()
    elif len(beginning) == LARGE:
        large.count()
    elif beginning:
        texts.report(beginning)
    else:
        entry.main()
        texts.local_package()
        installed.check()
        web.check()
        system.check()
        database.emit()
