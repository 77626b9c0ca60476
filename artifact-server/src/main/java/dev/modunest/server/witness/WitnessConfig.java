package dev.modunest.server.witness;

import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/**
 * Whether and for whom this registry is a witness.
 *
 * @param name of its key in cosignatures, a URL without scheme; absent: it is none
 * @param keyFile its Ed25519 key, PEM; needed with {@code name}
 * @param logs by a name for messages
 */
public record WitnessConfig(Optional<String> name, Optional<Path> keyFile, Map<String, Log> logs) {

    /**
     * A log whose checkpoints are cosigned.
     *
     * @param key its verifier key, {@code <origin>+<id>+<base64>}
     */
    public record Log(String key) {}

    private static final int MOST = 1_000;

    public WitnessConfig {
        if (name.isPresent() != keyFile.isPresent()) {
            throw new IllegalArgumentException(
                    "name and key_file are given together or not at all");
        }
        if (logs.size() > MOST) {
            throw new IllegalArgumentException("logs has at most 1000 keys, not " + logs.size());
        }
        logs = Map.copyOf(logs);
    }
}
