"""Sealed boxes, signatures with the vector of RFC 8032, and messages that were changed."""

from nacl.exceptions import BadSignatureError, CryptoError
from nacl.hash import blake2b
from nacl.public import PrivateKey, SealedBox
from nacl.pwhash import argon2id
from nacl.secret import SecretBox
from nacl.signing import SigningKey


def check():
    # RFC 8032, section 7.1, test 2.
    key = SigningKey(bytes.fromhex("4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb"))
    assert key.verify_key.encode().hex() == "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c"
    signed = key.sign(b"\x72")
    assert signed.signature.hex().startswith("92a009a9f0d4cab8720e820b5f642540") and key.verify_key.verify(signed) == b"\x72"

    recipient = PrivateKey.generate()
    sealed = SealedBox(recipient.public_key).encrypt(b"secret")
    assert SealedBox(recipient).decrypt(sealed) == b"secret"
    box = SecretBox(b"k" * 32)
    changed = bytearray(box.encrypt(b"message"))
    changed[-1] ^= 1
    for wrong, error in [
        (lambda: box.decrypt(bytes(changed)), CryptoError),
        (lambda: key.verify_key.verify(b"\x73", signed.signature), BadSignatureError),
    ]:
        try:
            wrong()
            raise AssertionError("a changed message was accepted")
        except error:
            pass
    assert blake2b(b"abc", digest_size=16).decode() == "cf4ab791c62b8d2b2109c90275287816"
    assert len(argon2id.kdf(16, b"password", b"s" * 16, opslimit=1, memlimit=8192)) == 16
