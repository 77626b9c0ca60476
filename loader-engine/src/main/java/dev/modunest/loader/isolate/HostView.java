package dev.modunest.loader.isolate;

import java.util.HashSet;
import java.util.Set;

/**
 * What plugins see of the host: an allow-list of packages, by exact name. Everything else of the
 * host's class path does not exist for them.
 *
 * @param packages seen through {@code classLoader}
 */
public record HostView(ClassLoader classLoader, Set<String> packages) {

    /** The plugin interface and the types in its signatures. */
    private static final Set<String> ALWAYS = Set.of("dev.modunest.loader", "dev.modunest.format");

    public HostView {
        Set<String> all = new HashSet<>(packages);
        all.addAll(ALWAYS);
        packages = Set.copyOf(all);
    }

    boolean shows(String packageName) {
        return packages.contains(packageName);
    }
}
