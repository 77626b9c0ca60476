package dev.modunest.server.serial;

import dev.modunest.format.Digest;
import dev.modunest.format.resolve.IndexEntry;
import dev.modunest.format.resolve.ResolveJson;

import org.jspecify.annotations.Nullable;

import java.nio.charset.StandardCharsets;
import java.util.List;

/** What the index tells of a plugin, and the document that says it. Thread-safe. */
public final class IndexedPlugin {

    /** One JSON line per release, and its strong ETag. */
    public static final class Document {

        private final byte[] bytes;
        private final String entityTag;

        private Document(byte[] bytes) {
            this.bytes = bytes;
            this.entityTag = Digest.ofBytes(bytes).entityTag();
        }

        /** Not to be written to. */
        public byte[] bytes() {
            return bytes;
        }

        public String entityTag() {
            return entityTag;
        }
    }

    /** Memory of a release without what it requires, and of a character of that, in bytes. */
    private static final long RELEASE = 900;

    private static final long CHARACTER = 6;

    private final List<IndexEntry> entries;

    /**
     * Null until it is asked for; made twice when two ask at the same time, with the same bytes.
     */
    private volatile @Nullable Document document;

    IndexedPlugin(List<IndexEntry> entries) {
        this.entries = List.copyOf(entries);
    }

    /** Lowest version first. */
    public List<IndexEntry> entries() {
        return entries;
    }

    /** Memory of the entries, once they have been looked at, and of the document, in bytes. */
    int weight() {
        long weight = 0;
        for (IndexEntry entry : entries) {
            weight += RELEASE + CHARACTER * ResolveJson.requiresLength(entry.requires());
        }
        return (int) Math.min(Integer.MAX_VALUE, weight);
    }

    public Document document() {
        @Nullable Document known = document;
        if (known == null) {
            known = write();
            document = known;
        }
        return known;
    }

    private Document write() {
        StringBuilder lines = new StringBuilder();
        entries.forEach(entry -> lines.append(ResolveJson.indexLine(entry)).append('\n'));
        return new Document(lines.toString().getBytes(StandardCharsets.UTF_8));
    }
}
