package dev.modunest.server.x509;

import dev.modunest.format.sign.Signer;

import java.security.cert.X509Certificate;

/** Who signs certificates: a key and the certificate of it. */
public record Authority(Signer signer, X509Certificate certificate) {

    public Authority {
        if (!signer.key().publicKey().equals(certificate.getPublicKey())) {
            throw new IllegalArgumentException(
                    "the key is not that of the certificate "
                            + certificate.getSubjectX500Principal());
        }
    }
}
