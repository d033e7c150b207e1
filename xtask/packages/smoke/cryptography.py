"""Fernet, AES-GCM, RSA and elliptic curves, and a certificate that it signs, reads and verifies."""

import datetime

from cryptography import x509
from cryptography.exceptions import InvalidSignature, InvalidTag
from cryptography.fernet import Fernet, InvalidToken
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, padding, rsa
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.x509.oid import NameOID

DIGEST = hashes.SHA256()
PSS = padding.PSS(mgf=padding.MGF1(DIGEST), salt_length=32)


def check():
    digest = hashes.Hash(DIGEST)
    digest.update(b"abc")
    assert digest.finalize().hex().startswith("ba7816bf8f01cfea")

    fernet = Fernet(Fernet.generate_key())
    assert fernet.decrypt(fernet.encrypt(b"secret")) == b"secret"
    refused(InvalidToken, lambda: fernet.decrypt(b"no token"))
    cipher = AESGCM(bytes(16))
    # The second case of the specification of GCM.
    encrypted = cipher.encrypt(bytes(12), bytes(16), None).hex()
    assert encrypted == "0388dace60b6a392f328c2b971b2fe78ab6e47d42cec13bdf53a67b21257bddf"
    refused(InvalidTag, lambda: cipher.decrypt(bytes(12), bytes(32), None))

    curve = ec.generate_private_key(ec.SECP256R1())
    other = ec.generate_private_key(ec.SECP256R1())
    signs(curve, ec.ECDSA(DIGEST))
    assert curve.exchange(ec.ECDH(), other.public_key()) == other.exchange(ec.ECDH(), curve.public_key())
    signs(rsa.generate_private_key(public_exponent=65537, key_size=1024), PSS, DIGEST)
    signs(ed25519.Ed25519PrivateKey.generate())
    certificate(curve)


def signs(key, *how) -> None:
    signature = key.sign(b"text", *how)
    key.public_key().verify(signature, b"text", *how)
    refused(InvalidSignature, lambda: key.public_key().verify(signature, b"another", *how))


def certificate(key) -> None:
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "example")])
    begin = datetime.datetime(2026, 1, 1)
    builder = x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key())
    builder = builder.serial_number(7).not_valid_before(begin).not_valid_after(begin + datetime.timedelta(days=1))
    builder = builder.add_extension(x509.SubjectAlternativeName([x509.DNSName("example.org")]), critical=False)
    pem = builder.sign(key, DIGEST).public_bytes(serialization.Encoding.PEM)

    read = x509.load_pem_x509_certificate(pem)
    assert read.subject.rfc4514_string() == "CN=example" and read.serial_number == 7
    names = read.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    assert names.get_values_for_type(x509.DNSName) == ["example.org"]
    read.verify_directly_issued_by(read)
    refused(ValueError, lambda: x509.load_pem_x509_certificate(pem[:100]))


def refused(error, call) -> None:
    try:
        call()
    except error:
        return
    raise AssertionError(f"{error.__name__} was not raised")
