package dev.modunest.edge.cache;

import io.vertx.core.MultiMap;

import org.jspecify.annotations.Nullable;

/** A response of the origin: its head, and its content, which is an object of the tiers. */
public record StoredResponse(ResponseHead head, StoredArtifact content) {

    private static final int OVERHEAD_BYTES = 160;

    /** Whether it answers {@code request}. */
    boolean answers(MultiMap request) {
        return head.answers(request, content.size());
    }

    /** Whether all that {@code other} answers is answered by this newer one. */
    boolean replaces(StoredResponse other) {
        return head.replaces(content.size(), other.head, other.content.size());
    }

    /** The same response after a 304 that carried {@code newer} (RFC 9111 3.2). */
    public StoredResponse refreshed(MultiMap newer, Freshness freshness, Stamp stamp) {
        return new StoredResponse(head.refreshed(newer, freshness, stamp), content);
    }

    /** The same response, that is to be asked about before it is used. */
    public StoredResponse outOfDate() {
        return new StoredResponse(head.with(head.freshness().outOfDate()), content);
    }

    public Freshness freshness() {
        return head.freshness();
    }

    public @Nullable String field(String name) {
        return head.fields().first(name);
    }

    /** Heap that it takes without its content, in bytes. */
    int weight() {
        return OVERHEAD_BYTES + head.weight();
    }
}
