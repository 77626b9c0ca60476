package dev.modunest.format.sign;

/** How signatures are made here, and nothing else is accepted. */
public enum SignatureAlgorithm {
    /** RFC 8032, the pure variant; 64 bytes. */
    ED25519("Ed25519"),
    /** FIPS 186-5 on P-256 with SHA-256; DER (RFC 3279 2.2.3), 8 to 72 bytes. */
    ECDSA_P256("SHA256withECDSA"),
    /** FIPS 204, the pure variant with an empty context; 2,420 bytes. */
    ML_DSA_44("ML-DSA-44");

    private final String jdkName;

    SignatureAlgorithm(String jdkName) {
        this.jdkName = jdkName;
    }

    String jdkName() {
        return jdkName;
    }
}
