package dev.modunest.standalone;

import dev.modunest.format.log.NoteKey;
import dev.modunest.format.trust.root.TransparencyLog;
import dev.modunest.format.trust.root.TrustedRoot;
import dev.modunest.format.trust.x509.PathRules;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** The keys of logs by their origins: of a trust root, or given as verifier keys. */
final class MonitoredLogs {

    private MonitoredLogs() {}

    /** Those that began before {@code now}. */
    static Map<String, List<NoteKey>> ofTrustedRoot(Path file, Instant now) throws IOException {
        if (!Files.isReadable(file)) {
            throw StandaloneException.wrongUse(
                    file
                            + " cannot be read; give --trusted-root FILE with the registry's trust root, or its keys with --log-key");
        }
        try {
            return byOrigin(
                    TrustedRoot.parse(Files.readAllBytes(file), PathRules.STRICT).logs().stream()
                            .filter(log -> !log.validFor().start().isAfter(now))
                            .map(TransparencyLog::noteKey)
                            .toList());
        } catch (IllegalArgumentException malformed) {
            throw StandaloneException.wrongUse(
                    file + " is no trust root: " + malformed.getMessage());
        }
    }

    /** Of verifier keys, {@code <origin>+<id>+<key>} (C2SP signed-note). */
    static Map<String, List<NoteKey>> ofKeys(List<String> vkeys) {
        try {
            return byOrigin(vkeys.stream().map(NoteKey::parse).toList());
        } catch (IllegalArgumentException malformed) {
            throw StandaloneException.wrongUse("--log-key: " + malformed.getMessage());
        }
    }

    private static Map<String, List<NoteKey>> byOrigin(List<NoteKey> keys) {
        Map<String, List<NoteKey>> logs = new TreeMap<>();
        for (NoteKey key : keys) {
            if (key.name().indexOf('/') < 1) {
                throw new IllegalArgumentException(
                        key.name() + " is no origin of a log: host, slash, path");
            }
            logs.computeIfAbsent(key.name(), origin -> new ArrayList<>()).add(key);
        }
        return logs;
    }
}
