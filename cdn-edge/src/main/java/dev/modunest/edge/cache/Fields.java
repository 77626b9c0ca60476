package dev.modunest.edge.cache;

import dev.modunest.edge.origin.EndToEndHeaders;

import io.netty.util.AsciiString;
import io.vertx.core.MultiMap;
import io.vertx.core.http.HttpHeaders;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * The header fields of a stored response, encoded once so that each hit copies them without work.
 * Immutable.
 */
public final class Fields {

    /** Of one exchange or one client, so that another is not told them; or written anew. */
    private static final Set<String> NOT_KEPT =
            Set.of("age", "content-length", "ratelimit", "ratelimit-policy", "x-request-id");

    /** What a 304 does not tell of the stored content (RFC 9111 3.2). */
    private static final Set<String> OF_CONTENT =
            Set.of("content-encoding", "content-md5", "content-range", "etag");

    /** Heap of a field beside its characters: two objects, their arrays, and two places. */
    private static final int FIELD_OVERHEAD = 88;

    private static final CharSequence BYTES = HttpHeaders.createOptimized("bytes");

    private final CharSequence[] namesAndValues;

    private Fields(List<CharSequence> namesAndValues) {
        this.namesAndValues = namesAndValues.toArray(CharSequence[]::new);
    }

    /** What may be kept of a response's fields. */
    public static Fields of(MultiMap response) {
        MultiMap endToEnd = MultiMap.caseInsensitiveMultiMap();
        EndToEndHeaders.copy(response, endToEnd);
        List<CharSequence> kept = new ArrayList<>();
        endToEnd.forEach(
                (name, value) -> {
                    if (!NOT_KEPT.contains(name.toLowerCase(Locale.ROOT))) {
                        kept.add(new AsciiString(name));
                        kept.add(encoded(value));
                    }
                });
        return new Fields(kept);
    }

    /** The fields after a 304 that carried {@code newer} (RFC 9111 3.2). */
    public Fields updated(MultiMap newer) {
        Fields update = of(newer);
        List<CharSequence> merged = new ArrayList<>();
        for (int i = 0; i < namesAndValues.length; i += 2) {
            String name = namesAndValues[i].toString();
            if (isOfContent(name) || !newer.contains(name)) {
                merged.add(namesAndValues[i]);
                merged.add(namesAndValues[i + 1]);
            }
        }
        for (int i = 0; i < update.namesAndValues.length; i += 2) {
            if (!isOfContent(update.namesAndValues[i].toString())) {
                merged.add(update.namesAndValues[i]);
                merged.add(update.namesAndValues[i + 1]);
            }
        }
        return new Fields(merged);
    }

    /** The fields, with {@code Accept-Ranges: bytes}: what is stored is served in parts. */
    public Fields withRanges() {
        List<CharSequence> all = new ArrayList<>();
        for (int i = 0; i < namesAndValues.length; i += 2) {
            if (!AsciiString.contentEqualsIgnoreCase(
                    namesAndValues[i], HttpHeaders.ACCEPT_RANGES)) {
                all.add(namesAndValues[i]);
                all.add(namesAndValues[i + 1]);
            }
        }
        all.add(HttpHeaders.ACCEPT_RANGES);
        all.add(BYTES);
        return new Fields(all);
    }

    public void addTo(MultiMap headers) {
        for (int i = 0; i < namesAndValues.length; i += 2) {
            headers.add(namesAndValues[i], namesAndValues[i + 1]);
        }
    }

    /** The first value of a field. */
    public @Nullable String first(String name) {
        for (int i = 0; i < namesAndValues.length; i += 2) {
            if (AsciiString.contentEqualsIgnoreCase(namesAndValues[i], name)) {
                return namesAndValues[i + 1].toString();
            }
        }
        return null;
    }

    /** The values of all lines of a field. */
    List<String> all(String name) {
        List<String> values = new ArrayList<>();
        for (int i = 0; i < namesAndValues.length; i += 2) {
            if (AsciiString.contentEqualsIgnoreCase(namesAndValues[i], name)) {
                values.add(namesAndValues[i + 1].toString());
            }
        }
        return values;
    }

    public MultiMap toMultiMap() {
        MultiMap copy = MultiMap.caseInsensitiveMultiMap();
        addTo(copy);
        return copy;
    }

    /** Heap that it takes, in bytes. */
    int weight() {
        int weight = 0;
        for (int i = 0; i < namesAndValues.length; i += 2) {
            weight += FIELD_OVERHEAD + namesAndValues[i].length() + namesAndValues[i + 1].length();
        }
        return weight;
    }

    private static boolean isOfContent(String name) {
        return OF_CONTENT.contains(name.toLowerCase(Locale.ROOT));
    }

    private static CharSequence encoded(String value) {
        return value.chars().allMatch(c -> c < 128) ? new AsciiString(value) : value;
    }
}
