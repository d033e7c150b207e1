/* What OpenSSL built without sockets leaves out of SSL_set_fd: a host may give a guest connections as descriptors. */
#include <openssl/bio.h>
#include <openssl/ssl.h>

static inline int SSL_set_fd(SSL *ssl, int fd)
{
    BIO *bio = BIO_new_fd(fd, BIO_NOCLOSE);
    if (bio == NULL) {
        return 0;
    }
    SSL_set_bio(ssl, bio, bio);
    return 1;
}
