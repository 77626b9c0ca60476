package dev.modunest.server.ranking;

import dev.modunest.db.RankingStore.Candidate;
import dev.modunest.format.LookAlikes;

import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** The plugins that are worth imitating, found by the keys of what resembles them. */
final class PopularPlugins {

    /** A look-alike has less than one download for so many of what it imitates. */
    private static final int FEWER = 10;

    private final Map<Long, Set<String>> keys = new LinkedHashMap<>();
    private final Map<String, Set<Candidate>> byKey = new HashMap<>();

    /**
     * @param mostDownloadedFirst of these, what imitates one before it is left out
     */
    PopularPlugins(List<Candidate> mostDownloadedFirst) {
        for (Candidate plugin : mostDownloadedFirst) {
            if (imitatedBy(plugin).isEmpty()) {
                Set<String> texts = LookAlikes.keys(plugin.plugin().name());
                keys.put(plugin.id(), texts);
                texts.forEach(
                        key -> byKey.computeIfAbsent(key, _ -> new LinkedHashSet<>()).add(plugin));
            }
        }
    }

    /** The keys of each plugin. */
    Map<Long, Set<String>> keys() {
        return keys;
    }

    /** The most downloaded plugin of another owner that {@code plugin} resembles. */
    Optional<Long> imitatedBy(Candidate plugin) {
        return LookAlikes.keys(plugin.plugin().name()).stream()
                .flatMap(key -> byKey.getOrDefault(key, Set.of()).stream())
                .filter(popular -> popular.ownerAccountId() != plugin.ownerAccountId())
                .filter(popular -> plugin.recentDownloads() < popular.recentDownloads() / FEWER)
                .filter(popular -> LookAlikes.resemble(popular.plugin(), plugin.plugin()))
                .max(
                        Comparator.comparingLong(Candidate::recentDownloads)
                                .thenComparing(Candidate::id, Comparator.reverseOrder()))
                .map(Candidate::id);
    }
}
