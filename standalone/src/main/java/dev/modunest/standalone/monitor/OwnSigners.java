package dev.modunest.standalone.monitor;

import dev.modunest.format.sign.VerifyingKey;
import dev.modunest.format.trust.x509.Certificate;
import dev.modunest.format.trust.x509.Oids;

import java.util.Set;

/**
 * Who signs for a publisher.
 *
 * @param keys SHA-256 of SubjectPublicKeyInfo, {@code sha256:<hex>}
 * @param repositories URIs of the repositories whose CI jobs sign
 */
public record OwnSigners(Set<String> keys, Set<String> repositories) {

    public OwnSigners {
        keys = Set.copyOf(keys);
        repositories = Set.copyOf(repositories);
    }

    /** How a key is written here. */
    public static String name(VerifyingKey key) {
        return "sha256:" + key.id().hex();
    }

    boolean haveKey(String name) {
        return keys.contains(name);
    }

    /** Whether a CI job may have keys of its own. */
    boolean haveJobs() {
        return !repositories.isEmpty();
    }

    boolean have(Certificate certificate, VerifyingKey key) {
        return haveKey(name(key))
                || certificate
                        .extension(Oids.SOURCE_REPOSITORY_URI)
                        .map(extension -> extension.value().utf8())
                        .filter(repositories::contains)
                        .isPresent();
    }
}
