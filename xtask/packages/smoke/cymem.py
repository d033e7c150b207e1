"""Memory that a pool frees."""

from cymem.cymem import Address, Pool


def check() -> None:
    pool = Pool()
    assert pool.size == 0
    address = Address(10, 4)
    assert isinstance(address.addr, int) and address.addr > 0
