package dev.modunest.edge.purge;

import dev.modunest.format.Coordinate;
import dev.modunest.format.Digest;
import dev.modunest.format.PluginId;

import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonObject;

import org.jspecify.annotations.Nullable;

import java.time.DateTimeException;
import java.time.Instant;
import java.util.Optional;

/** What the origin's event stream tells. */
sealed interface RegistryEvent {

    /**
     * A change of the index.
     *
     * @param at when it was made, when the origin tells
     */
    record Changed(long serial, Optional<Instant> at, PluginId plugin, Change change)
            implements RegistryEvent {}

    /** There has been no other event up to {@code serial}. */
    record Heartbeat(long serial) implements RegistryEvent {}

    /** What happened before {@code serial} is not told. */
    record Reset(long serial) implements RegistryEvent {}

    /** Something that the edge does not know, and that has no serial number. */
    record Unknown() implements RegistryEvent {}

    /** What became of a release. */
    sealed interface Change {

        /** It may be had, perhaps again. */
        record Offered(Coordinate release, Digest digest) implements Change {}

        record Quarantined(Coordinate release, Digest digest) implements Change {}

        record Deleted(Coordinate release, Digest digest) implements Change {}

        /** Its namespace is private now. */
        record Hidden(Coordinate release, Digest digest) implements Change {}

        /** Only what documents tell of the plugin. */
        record Described() implements Change {}
    }

    /**
     * Reads an event.
     *
     * @throws IllegalArgumentException when it is not as docs/api/openapi.yaml has it
     */
    static RegistryEvent read(ServerSentEvent event) {
        JsonObject data;
        try {
            data = new JsonObject(event.data());
            return switch (event.type()) {
                case "serial" -> new Heartbeat(serial(data));
                case "reset" -> new Reset(serial(data));
                case String type ->
                        data.containsKey("serial")
                                ? new Changed(
                                        serial(data), at(data), plugin(data), change(type, data))
                                : new Unknown();
            };
        } catch (DecodeException | ClassCastException | DateTimeException malformed) {
            throw new IllegalArgumentException(
                    "an event of type " + event.type() + " is not as it should be", malformed);
        }
    }

    private static Change change(String type, JsonObject data) {
        return switch (type) {
            case "release.published", "release.unquarantined", "release.shown" ->
                    new Change.Offered(release(data), digest(data));
            case "release.quarantined" -> new Change.Quarantined(release(data), digest(data));
            case "release.deleted" -> new Change.Deleted(release(data), digest(data));
            case "release.hidden" -> new Change.Hidden(release(data), digest(data));
            default -> new Change.Described();
        };
    }

    private static long serial(JsonObject data) {
        Long serial = data.getLong("serial");
        if (serial == null || serial < 0) {
            throw new IllegalArgumentException("an event has no serial number");
        }
        return serial;
    }

    private static Optional<Instant> at(JsonObject data) {
        return Optional.ofNullable(data.getString("at")).map(Instant::parse);
    }

    private static PluginId plugin(JsonObject data) {
        return PluginId.parse(required(data, "plugin"));
    }

    private static Coordinate release(JsonObject data) {
        return Coordinate.parse(required(data, "coordinate"));
    }

    private static Digest digest(JsonObject data) {
        return Digest.parse(required(data, "digest"));
    }

    private static String required(JsonObject data, String field) {
        @Nullable String value = data.getString(field);
        if (value == null) {
            throw new IllegalArgumentException("an event has no " + field);
        }
        return value;
    }
}
