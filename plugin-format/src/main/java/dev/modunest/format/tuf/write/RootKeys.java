package dev.modunest.format.tuf.write;

import dev.modunest.format.sign.VerifyingKey;
import dev.modunest.format.tuf.MetadataKey;
import dev.modunest.format.tuf.RoleKeys;

import java.util.List;

/** The keys of the top-level roles, as a root names them. */
public record RootKeys(RoleKeys root, RoleKeys targets, RoleKeys snapshot, RoleKeys timestamp) {

    /** Of the five holders of root keys, as many sign. */
    public static final int ROOT_THRESHOLD = 3;

    public static final int TARGETS_THRESHOLD = 2;

    public RootKeys {
        checkReachable("root", root);
        checkReachable("targets", targets);
        checkReachable("snapshot", snapshot);
        checkReachable("timestamp", timestamp);
    }

    private static void checkReachable(String role, RoleKeys keys) {
        long different = keys.keys().stream().map(MetadataKey::id).distinct().count();
        if (different != keys.keys().size() || different < keys.threshold()) {
            throw new IllegalArgumentException(
                    role
                            + " has "
                            + different
                            + " different keys of "
                            + keys.keys().size()
                            + ", and "
                            + keys.threshold()
                            + " must sign");
        }
    }

    /** Keys of a role. */
    public static RoleKeys of(int threshold, List<VerifyingKey> keys) {
        return new RoleKeys(keys.stream().map(MetadataKey::of).toList(), threshold);
    }

    public static RoleKeys single(VerifyingKey key) {
        return of(1, List.of(key));
    }
}
