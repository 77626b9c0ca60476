package dev.modunest.load;

import java.util.List;
import java.util.Optional;

/** A plugin as lists of the registry tell it. */
record PluginSummary(
        String namespace,
        String name,
        String latestVersion,
        String title,
        List<String> categories,
        Optional<String> license) {

    String id() {
        return namespace + "/" + name;
    }
}
