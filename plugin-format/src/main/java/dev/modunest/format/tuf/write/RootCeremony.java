package dev.modunest.format.tuf.write;

import dev.modunest.format.tuf.RoleKeys;
import dev.modunest.format.tuf.RootMetadata;
import dev.modunest.format.tuf.SignedDocument;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Whether a root may follow the one before: the checks of its holders before it is published. */
public final class RootCeremony {

    /**
     * What one set of keys has signed.
     *
     * @param set whose keys: of the root before, or of the new one
     */
    public record Signatures(String set, int count, int threshold) {

        public boolean enough() {
            return count >= threshold;
        }

        @Override
        public String toString() {
            return set + ": " + count + " of " + threshold + " signatures";
        }
    }

    private RootCeremony() {}

    /**
     * The signatures of the keys of both roots, which must both be enough (specification 6.1).
     *
     * @throws IllegalArgumentException when {@code next} is no root, or not the next version
     */
    public static List<Signatures> signatures(
            Optional<SignedDocument> before, SignedDocument next) {
        RootMetadata root = RootMetadata.of(next);
        long expected = before.map(RootMetadata::of).map(RootMetadata::version).orElse(0L) + 1;
        if (root.version() != expected) {
            throw new IllegalArgumentException(
                    "the draft has version " + root.version() + ", and " + expected + " is next");
        }
        List<Signatures> signatures = new ArrayList<>();
        before.ifPresent(former -> signatures.add(count("keys of the root before", former, next)));
        signatures.add(count("keys of this root", next, next));
        return signatures;
    }

    private static Signatures count(String set, SignedDocument keys, SignedDocument signed) {
        RoleKeys role = RootMetadata.of(keys).root();
        return new Signatures(set, role.countSignatures(signed), role.threshold());
    }
}
