package dev.modunest.format.trust.stamp;

import dev.modunest.format.trust.der.DerSequence;
import dev.modunest.format.trust.der.DerValue;
import dev.modunest.format.trust.der.Tag;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;

/** The hashes that time stamps may use. */
public enum HashAlgorithm {
    SHA_256("2.16.840.1.101.3.4.2.1"),
    SHA_384("2.16.840.1.101.3.4.2.2"),
    SHA_512("2.16.840.1.101.3.4.2.3");

    private final String oid;

    HashAlgorithm(String oid) {
        this.oid = oid;
    }

    /** The algorithm of an AlgorithmIdentifier, its parameters absent or NULL (RFC 5754 2). */
    static HashAlgorithm of(DerValue algorithmIdentifier) {
        DerSequence fields = algorithmIdentifier.members(Tag.SEQUENCE);
        String oid = fields.next().oid();
        fields.nextIf(Tag.NULL);
        fields.end();
        return Arrays.stream(values())
                .filter(algorithm -> algorithm.oid.equals(oid))
                .findFirst()
                .orElseThrow(
                        () -> new IllegalArgumentException("a hash " + oid + " is not accepted"));
    }

    byte[] digest(byte[] message) {
        try {
            return MessageDigest.getInstance(name().replace('_', '-')).digest(message);
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException("every JDK has SHA-2", impossible);
        }
    }
}
