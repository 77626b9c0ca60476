package dev.modunest.format.trust.statement;

import dev.modunest.format.Digest;

import java.util.Optional;

/**
 * What a statement is about (in-toto Statement v1, ResourceDescriptor).
 *
 * @param sha512 128 lower-case hex digits
 */
public record Subject(String name, Digest sha256, Optional<String> sha512) {

    public Subject {
        if (name.isEmpty()) {
            throw new IllegalArgumentException("a subject has no name");
        }
        if (!sha512.map(hex -> hex.matches("[0-9a-f]{128}")).orElse(true)) {
            throw new IllegalArgumentException("a subject has a malformed SHA-512");
        }
    }
}
