package dev.modunest.edge.cache;

import static org.assertj.core.api.Assertions.assertThat;

import dev.modunest.edge.metrics.EdgeMetrics;
import dev.modunest.format.Digest;
import dev.modunest.settings.ByteSize;

import io.vertx.core.MultiMap;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.UnaryOperator;

/** What the table of responses is after a start. */
final class ResponseLogIT {

    private static final MultiMap NONE = MultiMap.caseInsensitiveMultiMap();

    /** More than wait for the disk. */
    private static final int MANY = 30_000;

    private static final StoredArtifact CONTENT =
            new StoredArtifact(Digest.ofBytes(new byte[0]), 0, Instant.EPOCH, Instant.EPOCH);

    @TempDir Path directory;

    @Test
    void morePurgesThanTheLogTakesAtOnceOutliveAStart() throws IOException {
        ResponseTable table = table();
        try (ResponseLog log = restore(table)) {
            assertThat(log).isNotNull();
            for (int i = 0; i < MANY; i++) {
                table.insert("/gone/" + i, response());
            }
            table.insert("/kept", response());
            NamedPurge purge =
                    new NamedPurge(
                            Set.of(), new TreeSet<>(Set.of("/gone/")), Set.of(), Set.of(), false);
            assertThat(table.purge(purge).responses()).isEqualTo(MANY);
        }
        ResponseTable again = table();
        try (ResponseLog log = restore(again)) {
            assertThat(log).isNotNull();
            assertThat(again.find("/kept", NONE)).isNotNull();
            for (int i = 0; i < MANY; i++) {
                assertThat(again.find("/gone/" + i, NONE)).isNull();
            }
        }
    }

    private ResponseLog restore(ResponseTable table) throws IOException {
        return table.restore(directory, _ -> true, UnaryOperator.identity());
    }

    private static ResponseTable table() {
        return new ResponseTable(new ByteSize(256 << 20), new EdgeMetrics());
    }

    private static StoredResponse response() {
        return new StoredResponse(
                new ResponseHead(
                        200,
                        Fields.of(NONE),
                        Freshness.untilRemoved(Instant.now()),
                        new Stamp(DocumentScope.NAMED, 0, 0, 0),
                        Vary.NONE,
                        List.of()),
                CONTENT);
    }
}
