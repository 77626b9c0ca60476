package dev.modunest.server.serial;

import dev.modunest.db.OutboxEvent;
import dev.modunest.format.Coordinate;
import dev.modunest.format.Digest;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.LongStream;

/** Events for tests. */
final class Events {

    private Events() {}

    static OutboxEvent event(long serial) {
        return event(serial, "acme/markdown@1.0.0");
    }

    static OutboxEvent event(long serial, String coordinate) {
        Coordinate release = Coordinate.parse(coordinate);
        return new OutboxEvent(
                serial,
                "release.yanked",
                release.plugin(),
                Optional.of(release),
                Optional.of(digest(coordinate)),
                Instant.EPOCH);
    }

    static Digest digest(String of) {
        return Digest.ofBytes(of.getBytes(StandardCharsets.UTF_8));
    }

    static List<OutboxEvent> between(long first, long last) {
        return LongStream.rangeClosed(first, last).mapToObj(Events::event).toList();
    }
}
