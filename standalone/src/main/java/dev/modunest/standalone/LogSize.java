package dev.modunest.standalone;

import dev.modunest.format.log.SignedCheckpoint;
import dev.modunest.standalone.monitor.RemoteLog;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Optional;

/** How many entries the logs of a registry have. */
final class LogSize {

    private LogSize() {}

    /**
     * Asks the registry.
     *
     * @param trust its trust directory, which names the logs
     */
    static long of(URI registry, Path trust) throws IOException, InterruptedException {
        long size = 0;
        for (String origin :
                MonitoredLogs.ofTrustedRoot(trust.resolve("trusted_root.json"), Instant.now())
                        .keySet()) {
            try (RemoteLog log = new RemoteLog(registry, origin, Optional.empty())) {
                size += SignedCheckpoint.parse(log.checkpoint()).checkpoint().size();
            }
        }
        return size;
    }
}
