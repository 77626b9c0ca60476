package dev.modunest.server.attest;

import dev.modunest.format.Digest;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Optional;

/**
 * The rules by which this registry checks releases: a document that its statements name by digest.
 */
public final class CheckPolicy {

    private static final byte[] DOCUMENT = read();
    private static final Digest DIGEST = Digest.ofBytes(DOCUMENT);

    private CheckPolicy() {}

    /** {@code policy.json}. */
    public static byte[] document() {
        return DOCUMENT.clone();
    }

    public static Digest digest() {
        return DIGEST;
    }

    private static byte[] read() {
        try (InputStream document =
                Optional.ofNullable(CheckPolicy.class.getResourceAsStream("policy.json"))
                        .orElseThrow(() -> new IllegalStateException("policy.json is missing"))) {
            return document.readAllBytes();
        } catch (IOException broken) {
            throw new UncheckedIOException(broken);
        }
    }
}
