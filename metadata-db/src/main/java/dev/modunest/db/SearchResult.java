package dev.modunest.db;

import java.util.List;
import java.util.Optional;

/**
 * One page.
 *
 * @param last where the next page begins; empty when this is the last
 */
public record SearchResult(List<PluginRecord> plugins, Optional<SearchPosition> last) {

    public SearchResult {
        plugins = List.copyOf(plugins);
    }
}
