package dev.modunest.edge.counts;

import dev.modunest.format.Digest;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonObject;

import java.time.DateTimeException;
import java.time.LocalDate;
import java.util.HashMap;
import java.util.Map;

/** Counts as they are kept on disk and sent: {@code POST /api/v1/downloads}. */
record DownloadBatch(String source, long sequence, Map<Key, Long> counts) {

    /** Downloads of one artifact on one day (UTC) are one count. */
    record Key(Digest digest, LocalDate day) {}

    DownloadBatch {
        counts = Map.copyOf(counts);
    }

    /** The same with more counts; those past {@code max} of them are left out. */
    DownloadBatch with(Map<Key, Long> more, int max) {
        Map<Key, Long> merged = new HashMap<>(counts);
        more.forEach(
                (key, count) -> {
                    if (merged.containsKey(key) || merged.size() < max) {
                        merged.merge(key, count, Long::sum);
                    }
                });
        return new DownloadBatch(source, sequence, merged);
    }

    /** All downloads in it. */
    long downloads() {
        return counts.values().stream().mapToLong(Long::longValue).sum();
    }

    Buffer toJson() {
        JsonObject days = new JsonObject();
        counts.forEach(
                (key, count) -> {
                    String day = key.day().toString();
                    JsonObject of = days.getJsonObject(day);
                    if (of == null) {
                        of = new JsonObject();
                        days.put(day, of);
                    }
                    of.put(key.digest().toString(), count);
                });
        return new JsonObject()
                .put("source", source)
                .put("sequence", sequence)
                .put("days", days)
                .toBuffer();
    }

    /**
     * Reads what {@link #toJson} has written.
     *
     * @throws IllegalArgumentException when it is something else
     */
    static DownloadBatch read(byte[] json) {
        try {
            JsonObject root = new JsonObject(Buffer.buffer(json));
            Map<Key, Long> counts = new HashMap<>();
            JsonObject days = root.getJsonObject("days");
            for (String day : days.fieldNames()) {
                JsonObject of = days.getJsonObject(day);
                for (String digest : of.fieldNames()) {
                    counts.put(
                            new Key(Digest.parse(digest), LocalDate.parse(day)),
                            of.getLong(digest));
                }
            }
            return new DownloadBatch(root.getString("source"), root.getLong("sequence"), counts);
        } catch (DecodeException
                | ClassCastException
                | NullPointerException
                | DateTimeException bad) {
            throw new IllegalArgumentException("not a batch of counts", bad);
        }
    }
}
