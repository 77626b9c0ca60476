package dev.modunest.format.resolve;

import dev.modunest.format.PluginId;

import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** What a source told so far: each plugin is asked for once. Used by one resolution. */
final class KnownReleases {

    /** More plugins than this are too complex. */
    static final int MAX_PLUGINS = 20_000;

    /** A resolution would read more plugins than it may. */
    static final class TooManyPlugins extends RuntimeException {
        private static final long serialVersionUID = 1L;

        TooManyPlugins() {
            super(null, null, false, false);
        }
    }

    private final ReleaseSource source;
    private final Map<PluginId, List<IndexEntry>> known = new HashMap<>();

    KnownReleases(ReleaseSource source) {
        this.source = source;
    }

    /** Asks in one batch for those that are not known. */
    void read(Set<PluginId> plugins) {
        Set<PluginId> unasked = new LinkedHashSet<>();
        for (PluginId plugin : plugins) {
            if (!known.containsKey(plugin)) {
                unasked.add(plugin);
            }
        }
        if (unasked.isEmpty()) {
            return;
        }
        if (known.size() + unasked.size() > MAX_PLUGINS) {
            throw new TooManyPlugins();
        }
        Map<PluginId, List<IndexEntry>> answer = source.releases(unasked);
        for (PluginId plugin : unasked) {
            known.put(plugin, answer.getOrDefault(plugin, List.of()));
        }
    }

    boolean contains(PluginId plugin) {
        return known.containsKey(plugin);
    }

    /** All releases that the source told, usable or not. */
    List<IndexEntry> of(PluginId plugin) {
        List<IndexEntry> releases = known.get(plugin);
        if (releases == null) {
            throw new IllegalStateException(plugin + " was not read");
        }
        return releases;
    }
}
