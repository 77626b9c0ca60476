package dev.modunest.db.identity;

import java.util.List;
import java.util.UUID;

/**
 * A host that is enrolled.
 *
 * @param patterns of the plugins that it may have
 */
public record HostFacts(UUID id, String name, List<String> patterns) {

    public HostFacts {
        patterns = List.copyOf(patterns);
    }
}
