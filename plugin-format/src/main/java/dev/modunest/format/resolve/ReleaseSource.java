package dev.modunest.format.resolve;

import dev.modunest.format.PluginId;

import java.util.List;
import java.util.Map;
import java.util.Set;

/** Where the resolver learns which releases there are. Asked in batches, each plugin once. */
@FunctionalInterface
public interface ReleaseSource {

    /**
     * The releases of each of {@code plugins}, in any order; a plugin that does not exist is absent
     * from the map.
     */
    Map<PluginId, List<IndexEntry>> releases(Set<PluginId> plugins);
}
