package dev.modunest.edge.cache;

import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * The cache tags of a response: the members of {@code Cache-Tag}, which commas separate, and of
 * {@code Surrogate-Key}, which spaces separate. Tags differ by case.
 */
final class CacheTags {

    private static final String CACHE_TAG = "Cache-Tag";
    private static final String SURROGATE_KEY = "Surrogate-Key";

    private CacheTags() {}

    static Set<String> of(Fields fields) {
        Set<String> tags = new HashSet<>();
        add(tags, fields.all(CACHE_TAG), ",");
        add(tags, fields.all(SURROGATE_KEY), "[ \t]+");
        return tags;
    }

    private static void add(Set<String> tags, List<String> lines, String separator) {
        for (String line : lines) {
            for (String tag : line.split(separator, -1)) {
                if (!tag.isBlank()) {
                    tags.add(tag.strip());
                }
            }
        }
    }
}
