"""What `typed` passes on."""


def successor(number: int) -> int:
    return number + 1
