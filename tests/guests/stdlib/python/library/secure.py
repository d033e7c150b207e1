"""OpenSSL: digests, key derivation and TLS between two ends in one process, which no socket connects."""

import hashlib
import hmac
import io
import os
import ssl

HERE = os.path.join(os.path.dirname(__file__), "certificates")
AUTHORITY = os.path.join(HERE, "authority.pem")
SERVER = os.path.join(HERE, "server.pem")


def check():
    digests()
    derived_keys()
    contexts()
    for version in ssl.TLSVersion.TLSv1_2, ssl.TLSVersion.TLSv1_3:
        handshake(version)
    untrusted()
    certificates()


def digests():
    for name in hashlib.algorithms_available:
        # The names of OpenSSL's own objects are no names of digests.
        digest = hashlib.new(name, b"abc")
        assert digest.digest(16) if name.startswith("shake") else digest.digest(), name
    # RIPEMD-160's own page, GB/T 32905-2016 A.1, FIPS 180-4 examples.
    assert hashlib.new("ripemd160", b"abc").hexdigest() == "8eb208f7e05d987a9b044a8e98c6b087f15a0bfc"
    assert hashlib.new("sm3", b"abc").hexdigest().startswith("66c7f0f462eeedd9")
    assert hashlib.new("sha512_256", b"abc").hexdigest().startswith("53048e2681941ef9")
    assert hashlib.file_digest(io.BytesIO(b"abc"), "sha256").hexdigest().startswith("ba7816bf8f01cfea")
    # RFC 4231, test case 2.
    code = hmac.new(b"Jefe", b"what do ya want for nothing?", "sha256").hexdigest()
    assert code == "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"
    assert hmac.digest(b"Jefe", b"what do ya want for nothing?", "sha256").hex() == code
    try:
        hashlib.new("no such digest")
    except ValueError:
        pass
    else:
        raise AssertionError("an unknown digest was made")


def derived_keys():
    # RFC 6070 (its second vector), RFC 7914 section 12 (its first).
    key = hashlib.pbkdf2_hmac("sha1", b"password", b"salt", 2)
    assert key.hex() == "ea6c014dc72d6f8ccd1ed92ace1d41f0d8de8957"
    key = hashlib.scrypt(b"", salt=b"", n=16, r=1, p=1, dklen=64)
    assert key.hex().startswith("77d6576238657b203b19ca42c18a0497")


def contexts():
    context = ssl.create_default_context()
    assert context.verify_mode == ssl.CERT_REQUIRED and context.check_hostname
    assert len(context.get_ciphers()) > 10
    assert context.cert_store_stats()["x509_ca"] == 0
    context.load_verify_locations(AUTHORITY)
    assert context.get_ca_certs()[0]["subject"] == ((("commonName", "Authority of a test"),),)
    assert ssl.OPENSSL_VERSION_INFO >= (3, 0)
    with open("/wadup/licenses/openssl.txt", encoding="utf-8") as file:
        assert "Apache License" in file.read(1000)
    # Where a host may have certificates; nothing of the machine that built the guest.
    assert ssl.get_default_verify_paths().openssl_cafile == "/etc/ssl/cert.pem"
    assert ssl.RAND_status() and len(ssl.RAND_bytes(32)) == 32


def ends(version, trusted):
    of_server = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    of_server.load_cert_chain(SERVER)
    of_server.set_alpn_protocols(["h2", "http/1.1"])
    of_client = ssl.create_default_context(cafile=AUTHORITY if trusted else None)
    of_client.minimum_version = of_client.maximum_version = version
    of_client.set_alpn_protocols(["http/1.1"])
    one, other = ssl.MemoryBIO(), ssl.MemoryBIO()
    server = of_server.wrap_bio(one, other, server_side=True)
    return of_client.wrap_bio(other, one, server_hostname="guest.example"), server


def shake_hands(*pending):
    for _ in range(10):
        for end in pending:
            try:
                end.do_handshake()
            except ssl.SSLWantReadError:
                continue
            pending = [other for other in pending if other is not end]
        if not pending:
            return
    raise AssertionError("the handshake does not end")


def handshake(version):
    client, server = ends(version, trusted=True)
    shake_hands(client, server)

    assert client.version() == server.version() == version.name.replace("_", ".")
    assert client.selected_alpn_protocol() == server.selected_alpn_protocol() == "http/1.1"
    assert client.getpeercert()["subjectAltName"] == (("DNS", "guest.example"),)
    assert client.cipher()[0] == server.cipher()[0]
    text = os.urandom(100_000)
    received = bytearray()
    for start in range(0, len(text), 10_000):
        client.write(text[start : start + 10_000])
        received += server.read(10_000)
    assert received == text
    server.write(b"bye")
    assert client.read() == b"bye"


def untrusted():
    client, server = ends(ssl.TLSVersion.TLSv1_3, trusted=False)
    try:
        shake_hands(client, server)
    except ssl.SSLCertVerificationError as error:
        assert "unable to get local issuer certificate" in error.verify_message, error
    else:
        raise AssertionError("a certificate of an unknown authority was trusted")


def certificates():
    with open(AUTHORITY, encoding="ascii") as file:
        text = file.read()
    der = ssl.PEM_cert_to_DER_cert(text)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.load_verify_locations(cadata=der)
    assert context.get_ca_certs(binary_form=True) == [der]
    try:
        context.load_verify_locations(SERVER + ".missing")
    except FileNotFoundError:
        pass
    else:
        raise AssertionError("a missing file was loaded")

