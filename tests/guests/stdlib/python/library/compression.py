"""zlib, gzip, bz2, lzma, zipfile, tarfile, hashlib."""

import bz2
import gzip
import hashlib
import io
import lzma
import tarfile
import zipfile
import zlib

TEXT = b"the same text again and again " * 1000


def check() -> None:
    for module in [zlib, gzip, bz2, lzma]:
        packed = module.compress(TEXT)
        assert len(packed) < len(TEXT) // 10, module
        assert module.decompress(packed) == TEXT, module
    assert zlib.crc32(b"123456789") == 0xCBF43926
    for kind in [lzma.FORMAT_XZ, lzma.FORMAT_ALONE]:
        assert lzma.decompress(lzma.compress(TEXT, format=kind)) == TEXT

    for compression in [zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA]:
        file = io.BytesIO()
        with zipfile.ZipFile(file, "w", compression) as archive:
            archive.writestr("a/b.txt", TEXT)
        with zipfile.ZipFile(file) as archive:
            assert archive.read("a/b.txt") == TEXT
    for mode in ["gz", "bz2", "xz"]:
        file = io.BytesIO()
        with tarfile.open(fileobj=file, mode=f"w:{mode}") as archive:
            member = tarfile.TarInfo("text")
            member.size = len(TEXT)
            archive.addfile(member, io.BytesIO(TEXT))
        file.seek(0)
        with tarfile.open(fileobj=file) as archive:
            extracted = archive.extractfile("text")
            assert extracted is not None and extracted.read() == TEXT

    for name, digest in {
        "md5": "900150983cd24fb0d6963f7d28e17f72",
        "sha1": "a9993e364706816aba3e25717850c26c9cd0d89d",
        "sha256": "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad",
        "sha3_256": "3a985da74fe225b2045c172d6bd390bd855f086e3e9d525b46bfe24511431532",
        "blake2s": "508c5e8c327c14e2e1a72ba34eeb452f37458b209ed63a294d999b4c86675982",
    }.items():
        assert hashlib.new(name, b"abc").hexdigest() == digest, name
