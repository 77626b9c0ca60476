package dev.modunest.server.key;

import dev.modunest.format.sign.SignatureAlgorithm;
import dev.modunest.format.sign.Signer;
import dev.modunest.format.sign.VerifyingKey;

import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.Provider;
import java.security.Signature;

/** Signs with an ECDSA key that does not leave its token. Thread-safe. */
final class TokenSigner implements Signer {

    private final VerifyingKey key;
    private final PrivateKey secret;
    private final Provider provider;

    TokenSigner(VerifyingKey key, PrivateKey secret, Provider provider) {
        if (key.algorithm() != SignatureAlgorithm.ECDSA_P256) {
            throw new IllegalArgumentException(
                    "of a token only keys of P-256 are used, not " + key.algorithm());
        }
        this.key = key;
        this.secret = secret;
        this.provider = provider;
    }

    @Override
    public VerifyingKey key() {
        return key;
    }

    @Override
    public byte[] sign(byte[] message) {
        try {
            Signature signature = Signature.getInstance("SHA256withECDSA", provider);
            signature.initSign(secret);
            signature.update(message);
            return signature.sign();
        } catch (GeneralSecurityException refused) {
            throw new IllegalStateException("the token does not sign", refused);
        }
    }
}
