package dev.modunest.server.token;

import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.PublicKey;

/** What keys of one algorithm are made of. */
interface KeyForm<K> {

    /** As JWS names it (RFC 7518, RFC 8037). */
    String algorithm();

    /** As the JDK names keys of it. */
    String keyFactory();

    KeyPair generate() throws GeneralSecurityException;

    /** The name of a key by RFC 7638. */
    String kid(PublicKey key);

    K use(KeyPair pair);
}
