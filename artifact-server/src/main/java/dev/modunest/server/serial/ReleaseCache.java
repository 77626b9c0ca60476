package dev.modunest.server.serial;

import dev.modunest.format.PluginId;
import dev.modunest.format.resolve.IndexEntry;
import dev.modunest.format.resolve.ReleaseSource;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** The releases of the plugins that are asked for, remembered until they change. Thread-safe. */
public final class ReleaseCache implements ReleaseSource, Follower {

    private final ReleaseSource index;
    private final FollowingCache<PluginId, IndexedPlugin> plugins;

    /**
     * Empty.
     *
     * @param index asked in batches for what is not remembered
     */
    public ReleaseCache(IndexCacheConfig config, CacheLease lease, ReleaseSource index) {
        this.index = index;
        this.plugins =
                new FollowingCache<>(
                        lease,
                        config.memoryBytes(),
                        (id, plugin) -> plugin.weight(),
                        change -> Optional.of(change.plugin()));
    }

    @Override
    public Map<PluginId, List<IndexEntry>> releases(Set<PluginId> ids) {
        Map<PluginId, List<IndexEntry>> releases = HashMap.newHashMap(ids.size());
        plugins.findAll(ids, this::load).forEach((id, found) -> releases.put(id, found.entries()));
        return releases;
    }

    public Optional<IndexedPlugin> find(PluginId id) {
        return plugins.find(id, key -> Optional.ofNullable(load(Set.of(key)).get(key)));
    }

    private Map<PluginId, IndexedPlugin> load(Set<PluginId> ids) {
        Map<PluginId, IndexedPlugin> loaded = new HashMap<>();
        index.releases(ids).forEach((id, entries) -> loaded.put(id, new IndexedPlugin(entries)));
        return loaded;
    }

    @Override
    public void changed(Change change) {
        plugins.changed(change);
    }

    @Override
    public void everythingChanged() {
        plugins.everythingChanged();
    }

    /** Plugins that are remembered. */
    public long size() {
        return plugins.size();
    }
}
