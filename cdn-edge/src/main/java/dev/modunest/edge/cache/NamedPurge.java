package dev.modunest.edge.cache;

import dev.modunest.format.Digest;

import java.util.Collection;
import java.util.Collections;
import java.util.NavigableSet;
import java.util.Set;
import java.util.TreeSet;

/**
 * A purge of what an operator names. Immutable.
 *
 * @param uris exact, in the spelling of the cache's keys
 * @param prefixes of such; what another one covers is left out
 * @param tags cache tags, of which a response has one at least
 * @param digests of contents
 * @param soft whether responses are outdated rather than dropped: revalidated before they are used,
 *     and standing in for an origin that is gone
 */
public record NamedPurge(
        Set<String> uris,
        NavigableSet<String> prefixes,
        Set<String> tags,
        Set<Digest> digests,
        boolean soft) {

    /** Heap taken by a name beside its characters. */
    private static final int NAME_OVERHEAD = 96;

    public NamedPurge {
        uris = Set.copyOf(uris);
        prefixes = Collections.unmodifiableNavigableSet(shortest(prefixes));
        tags = Set.copyOf(tags);
        digests = Set.copyOf(digests);
    }

    public boolean isEmpty() {
        return isByUriAlone() && uris.isEmpty();
    }

    /** Whether it need not be held against every response. */
    boolean isByUriAlone() {
        return prefixes.isEmpty() && tags.isEmpty() && digests.isEmpty();
    }

    /** Whether {@code uri} is one of its own, or begins with one of its prefixes. */
    public boolean names(String uri) {
        if (uris.contains(uri)) {
            return true;
        }
        // Of prefixes that do not cover each other the greatest that is not above can fit alone.
        String prefix = prefixes.floor(uri);
        return prefix != null && uri.startsWith(prefix);
    }

    /** Whether it selects the response of {@code uri} by anything but its content. */
    boolean selects(String uri, Fields fields) {
        return names(uri) || (!tags.isEmpty() && !Collections.disjoint(tags, CacheTags.of(fields)));
    }

    boolean selects(String uri, StoredResponse response) {
        return digests.contains(response.content().digest())
                || selects(uri, response.head().fields());
    }

    /** The same with more digests. */
    public NamedPurge and(Collection<Digest> more) {
        Set<Digest> all = new TreeSet<>(digests);
        all.addAll(more);
        return new NamedPurge(uris, prefixes, tags, all, soft);
    }

    /** Heap that it takes, in bytes. */
    long weight() {
        return weight(uris) + weight(prefixes) + weight(tags) + 160L * digests.size();
    }

    private static long weight(Collection<String> names) {
        return names.stream().mapToLong(name -> NAME_OVERHEAD + 2L * name.length()).sum();
    }

    private static NavigableSet<String> shortest(NavigableSet<String> prefixes) {
        NavigableSet<String> kept = new TreeSet<>();
        for (String prefix : prefixes) {
            if (kept.isEmpty() || !prefix.startsWith(kept.last())) {
                kept.add(prefix);
            }
        }
        return kept;
    }
}
