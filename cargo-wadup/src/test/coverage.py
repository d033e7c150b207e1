"""Puts together what was measured in all instances: prints a table, and writes a report in the format of lcov."""


def main(testing, settings) -> int:
    import coverage

    measurement = coverage.Coverage(data_file=None)
    if not measurement.get_option("run:source"):
        measurement.set_option("run:source", [settings["source"]])
    measurement.load()
    for path in settings["measured"]:
        data = coverage.CoverageData(no_disk=True)
        with open(path, "rb") as file:
            data.loads(file.read())
        measurement.get_data().update(data)
    print()
    try:
        measurement.report(ignore_errors=True)
        measurement.lcov_report(outfile=settings["lcov"], ignore_errors=True)
    except coverage.exceptions.NoDataError as error:
        print(error)
    return 0
