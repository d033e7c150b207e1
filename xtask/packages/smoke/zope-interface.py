"""Interfaces that classes provide."""

import zope.interface
import zope.interface._zope_interface_coptimizations as native


def check() -> None:
    class Named(zope.interface.Interface):
        pass

    @zope.interface.implementer(Named)
    class Person:
        pass

    assert Named.providedBy(Person()) and Named.implementedBy(Person)
    assert not Named.providedBy(object())
    assert zope.interface.interface.InterfaceBase is native.InterfaceBase
