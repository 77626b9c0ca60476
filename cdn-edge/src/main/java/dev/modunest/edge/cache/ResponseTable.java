package dev.modunest.edge.cache;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;

import dev.modunest.edge.metrics.EdgeMetrics;
import dev.modunest.format.Digest;
import dev.modunest.settings.ByteSize;

import io.vertx.core.MultiMap;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;

/**
 * The stored responses by URI, bounded by the heap that they take without their contents. Of one
 * URI there may be several, chosen by the fields of the request; the newest that fits is taken.
 * Thread-safe.
 */
public final class ResponseTable {

    public static final String NAME = "responses";

    /** Of one URI; the oldest leaves. */
    private static final int MAX_VARIANTS = 64;

    private record Variants(List<StoredResponse> newestFirst) {

        @Nullable StoredResponse find(MultiMap request) {
            for (StoredResponse response : newestFirst) {
                if (response.answers(request)) {
                    return response;
                }
            }
            return null;
        }

        int weight() {
            return newestFirst.stream().mapToInt(StoredResponse::weight).sum();
        }
    }

    private final Cache<String, Variants> table;
    private final EdgeMetrics metrics;
    private volatile @Nullable ResponseLog log;

    public ResponseTable(ByteSize size, EdgeMetrics metrics) {
        this.metrics = metrics;
        this.table =
                Caffeine.newBuilder()
                        .maximumWeight(size.bytes())
                        .weigher((String uri, Variants all) -> 2 * uri.length() + all.weight())
                        .evictionListener((uri, all, cause) -> metrics.evicted(NAME))
                        .build();
        metrics.watchTier(NAME, this::heldBytes, table::estimatedSize);
    }

    /**
     * Takes what has outlived the last stop and still has its content, as {@code use} says, and has
     * the log written from now on.
     */
    public ResponseLog restore(
            Path directory, Predicate<Digest> present, UnaryOperator<StoredResponse> use)
            throws IOException {
        ResponseLog.read(
                directory,
                record -> {
                    switch (record) {
                        case ResponseRecord.Stored(String uri, StoredResponse response) -> {
                            if (present.test(response.content().digest())) {
                                put(uri, use.apply(response));
                            }
                        }
                        case ResponseRecord.Removed(String uri) -> table.invalidate(uri);
                    }
                });
        ResponseLog started = ResponseLog.start(directory, this::records);
        log = started;
        return started;
    }

    public @Nullable StoredResponse find(String uri, MultiMap request) {
        Variants variants = table.getIfPresent(uri);
        return variants == null ? null : variants.find(request);
    }

    /** Stores {@code response} in the place of what answers the same requests. */
    public void insert(String uri, StoredResponse response) {
        put(uri, response);
        logged(new ResponseRecord.Stored(uri, response));
    }

    private void put(String uri, StoredResponse response) {
        table.asMap()
                .compute(
                        uri,
                        (_, before) -> {
                            List<StoredResponse> all = new ArrayList<>();
                            all.add(response);
                            if (before != null) {
                                before.newestFirst().stream()
                                        .filter(other -> !response.replaces(other))
                                        .limit(MAX_VARIANTS - 1)
                                        .forEach(all::add);
                            }
                            return new Variants(List.copyOf(all));
                        });
    }

    /** Removes all that is stored of {@code uri}; whether there was anything. */
    public boolean remove(String uri) {
        boolean removed = table.asMap().remove(uri) != null;
        if (removed) {
            logged(new ResponseRecord.Removed(uri));
            metrics.purged(NAME);
        }
        return removed;
    }

    /** Removes exactly {@code response}: not what may have been stored for its URI since. */
    public void remove(String uri, StoredResponse response) {
        AtomicBoolean removed = new AtomicBoolean();
        table.asMap()
                .computeIfPresent(
                        uri,
                        (_, before) -> {
                            List<StoredResponse> kept =
                                    before.newestFirst().stream()
                                            .filter(other -> !other.equals(response))
                                            .toList();
                            if (kept.size() == before.newestFirst().size()) {
                                return before;
                            }
                            metrics.purged(NAME);
                            removed.set(true);
                            return orNothing(kept);
                        });
        if (removed.get()) {
            relog(uri);
        }
    }

    /**
     * What a purge has found.
     *
     * @param responses number of those that it has dropped or outdated
     * @param contents of those that it has dropped
     */
    public record Purged(int responses, Set<Digest> contents) {}

    /** Drops or outdates what {@code purge} selects. Takes long for many responses. */
    public Purged purge(NamedPurge purge) {
        List<StoredResponse> found = new ArrayList<>();
        for (String uri : purge.isByUriAlone() ? purge.uris() : table.asMap().keySet()) {
            Variants variants = table.asMap().get(uri);
            if (variants != null
                    && variants.newestFirst().stream().anyMatch(one -> purge.selects(uri, one))) {
                table.asMap()
                        .computeIfPresent(uri, (_, before) -> purge(uri, before, purge, found));
                relog(uri);
            }
        }
        Set<Digest> contents = new HashSet<>();
        if (!purge.soft()) {
            found.forEach(response -> contents.add(response.content().digest()));
        }
        return new Purged(found.size(), contents);
    }

    private @Nullable Variants purge(
            String uri, Variants before, NamedPurge purge, List<StoredResponse> found) {
        List<StoredResponse> left = new ArrayList<>();
        for (StoredResponse response : before.newestFirst()) {
            if (!purge.selects(uri, response)) {
                left.add(response);
                continue;
            }
            found.add(response);
            metrics.purged(NAME);
            if (purge.soft()) {
                left.add(response.outOfDate());
            }
        }
        return orNothing(left);
    }

    /** Those of {@code contents} that no stored response has. */
    public Set<Digest> unreferenced(Set<Digest> contents) {
        Set<Digest> left = new HashSet<>(contents);
        if (left.isEmpty()) {
            return left;
        }
        for (Variants variants : table.asMap().values()) {
            variants.newestFirst().forEach(one -> left.remove(one.content().digest()));
        }
        return left;
    }

    /** Removes all; gives the objects that were their contents. */
    public Set<Digest> clear() {
        Set<Digest> contents = new HashSet<>();
        for (String uri : table.asMap().keySet()) {
            Variants variants = table.asMap().remove(uri);
            if (variants != null) {
                logged(new ResponseRecord.Removed(uri));
                metrics.purged(NAME);
                variants.newestFirst().forEach(one -> contents.add(one.content().digest()));
            }
        }
        return contents;
    }

    public boolean isEmpty() {
        return table.estimatedSize() == 0;
    }

    /**
     * Logs what is left of a URI, after the table has changed: a log that is rewritten meanwhile
     * must not find what is gone.
     */
    private void relog(String uri) {
        logged(new ResponseRecord.Removed(uri));
        Variants left = table.asMap().get(uri);
        if (left != null) {
            left.newestFirst()
                    .reversed()
                    .forEach(one -> logged(new ResponseRecord.Stored(uri, one)));
        }
    }

    private static @Nullable Variants orNothing(List<StoredResponse> left) {
        return left.isEmpty() ? null : new Variants(List.copyOf(left));
    }

    private void logged(ResponseRecord record) {
        ResponseLog target = log;
        if (target != null) {
            target.append(record);
        }
    }

    private Stream<ResponseRecord> records() {
        return table.asMap().entrySet().stream()
                .flatMap(
                        entry ->
                                entry.getValue().newestFirst().reversed().stream()
                                        .map(
                                                one ->
                                                        new ResponseRecord.Stored(
                                                                entry.getKey(), one)));
    }

    private long heldBytes() {
        return table.policy()
                .eviction()
                .map(eviction -> eviction.weightedSize().orElse(0))
                .orElse(0L);
    }
}
