package dev.modunest.db.trust;

import java.util.Arrays;

/** A DER encoding. Immutable. */
public final class CertificateBytes {

    private final byte[] der;

    public CertificateBytes(byte[] der) {
        this.der = der.clone();
    }

    public byte[] der() {
        return der.clone();
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof CertificateBytes that && Arrays.equals(der, that.der);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(der);
    }
}
