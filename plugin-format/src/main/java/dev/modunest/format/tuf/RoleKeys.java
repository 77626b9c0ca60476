package dev.modunest.format.tuf;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * The keys of a role and how many different ones must sign. Keys are counted by what they are, not
 * by their ids: one key under two ids signs once.
 */
public record RoleKeys(List<MetadataKey> keys, int threshold) {

    public RoleKeys {
        keys = List.copyOf(keys);
        if (threshold < 1) {
            throw new IllegalArgumentException("a threshold is at least 1, not " + threshold);
        }
    }

    /** How many different keys of the role have signed. */
    public int countSignatures(SignedDocument document) {
        Set<String> signers = new HashSet<>();
        for (MetadataKey key : keys) {
            if (document.isSignedBy(key)) {
                signers.add(key.material());
            }
        }
        return signers.size();
    }

    public boolean accepts(SignedDocument document) {
        return countSignatures(document) >= threshold;
    }

    /** Whether a key of this role is none of {@code next} any more. */
    boolean loses(RoleKeys next) {
        return !next.materials().containsAll(materials());
    }

    private Set<String> materials() {
        return keys.stream().map(MetadataKey::material).collect(Collectors.toSet());
    }
}
