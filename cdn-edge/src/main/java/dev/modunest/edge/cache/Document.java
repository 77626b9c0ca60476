package dev.modunest.edge.cache;

import io.vertx.core.MultiMap;
import io.vertx.core.buffer.Buffer;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/** A whole response of the origin, small enough to be held in memory. */
public record Document(
        int status,
        List<Map.Entry<String, String>> headers,
        Buffer body,
        Freshness freshness,
        Stamp stamp)
        implements CacheEntry {

    /** Of one exchange or one client, so that another is not told them. */
    private static final Set<String> NOT_KEPT =
            Set.of("age", "content-length", "ratelimit", "ratelimit-policy", "x-request-id");

    public Document {
        headers = List.copyOf(headers);
    }

    /** Takes the end-to-end headers of a response; {@code Age} is counted by the freshness. */
    public static Document of(
            int status, MultiMap headers, Buffer body, Freshness freshness, Stamp stamp) {
        List<Map.Entry<String, String>> kept = new ArrayList<>();
        for (Map.Entry<String, String> header : headers) {
            if (!NOT_KEPT.contains(header.getKey().toLowerCase(Locale.ROOT))) {
                kept.add(Map.entry(header.getKey(), header.getValue()));
            }
        }
        return new Document(status, kept, body, freshness, stamp);
    }

    /** The same document after a 304 that carried {@code newer} (RFC 9111 3.2). */
    public Document refreshed(MultiMap newer, Freshness newFreshness, Stamp newStamp) {
        List<Map.Entry<String, String>> merged = new ArrayList<>();
        for (Map.Entry<String, String> header : headers) {
            if (!newer.contains(header.getKey())) {
                merged.add(header);
            }
        }
        merged.addAll(of(status, newer, body, newFreshness, newStamp).headers());
        return new Document(status, merged, body, newFreshness, newStamp);
    }

    public @Nullable String header(String name) {
        for (Map.Entry<String, String> header : headers) {
            if (header.getKey().equalsIgnoreCase(name)) {
                return header.getValue();
            }
        }
        return null;
    }

    @Override
    public int weight() {
        int weight = OVERHEAD_BYTES + body.length();
        for (Map.Entry<String, String> header : headers) {
            weight += 64 + header.getKey().length() + header.getValue().length();
        }
        return weight;
    }
}
