package dev.modunest.format.resolve;

import dev.modunest.format.Coordinate;
import dev.modunest.format.Dependency;
import dev.modunest.format.Digest;
import dev.modunest.format.PluginId;
import dev.modunest.format.Version;
import dev.modunest.format.VersionRange;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;

/**
 * A registry made up from a seed: plugins require others with lower numbers, popular ones more
 * often, and each has one release (hidden here) that fits with those of all others, so that a
 * request for those ranges has a plan. Three quarters of the other releases fit too. A plugin's
 * releases are a function of the seed and its number: nothing is kept but what was asked for.
 */
final class SyntheticIndex implements ReleaseSource {

    private static final Instant NOW = Instant.parse("2026-11-24T10:00:00Z");

    private final long seed;
    private final int plugins;
    private final double meanReleases;
    private final Map<PluginId, List<IndexEntry>> made = new HashMap<>();
    int asked;
    int batches;

    SyntheticIndex(long seed, int plugins, double meanReleases) {
        this.seed = seed;
        this.plugins = plugins;
        this.meanReleases = meanReleases;
    }

    static PluginId id(int plugin) {
        return new PluginId("ns" + plugin / 50, "plugin-" + plugin);
    }

    private Random random(int plugin, int purpose) {
        return new Random((seed * 1_000_003 + plugin) * 31 + purpose);
    }

    List<Version> versions(int plugin) {
        Random random = random(plugin, 1);
        int count = 1 + (int) Math.min(60, -Math.log(1 - random.nextDouble()) * (meanReleases - 1));
        List<Version> versions = new ArrayList<>();
        int major = 1;
        int minor = 0;
        int patch = 0;
        for (int i = 0; i < count; i++) {
            boolean prerelease = random.nextInt(12) == 0;
            versions.add(
                    new Version(major, minor, patch, prerelease ? List.of("rc", "1") : List.of()));
            int step = random.nextInt(10);
            if (step == 0) {
                major++;
                minor = 0;
                patch = 0;
            } else if (step < 6) {
                minor++;
                patch = 0;
            } else {
                patch++;
            }
        }
        return versions;
    }

    private int hidden(int plugin, List<Version> versions) {
        Random random = random(plugin, 2);
        int at = versions.size() - 1;
        while (at > 0 && (versions.get(at).isPrerelease() || random.nextInt(10) < 3)) {
            at--;
        }
        return at;
    }

    Version hidden(int plugin) {
        List<Version> versions = versions(plugin);
        return versions.get(hidden(plugin, versions));
    }

    private List<IndexEntry> releases(int plugin) {
        List<Version> versions = versions(plugin);
        int hidden = hidden(plugin, versions);
        Random random = random(plugin, 3);
        int count = Math.min(plugin, random.nextInt(6));
        List<Integer> targets = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            targets.add((int) (plugin * Math.pow(random.nextDouble(), 3)));
        }
        List<IndexEntry> releases = new ArrayList<>();
        for (int i = 0; i < versions.size(); i++) {
            Map<PluginId, Dependency> requires = new LinkedHashMap<>();
            for (int target : targets) {
                VersionRange range = VersionRange.parse(range(random, target, i == hidden));
                requires.put(
                        id(target), new Dependency(id(target), range, random.nextInt(20) == 0));
            }
            Coordinate coordinate = new Coordinate(id(plugin), versions.get(i));
            boolean yanked = i != hidden && random.nextInt(50) == 0;
            releases.add(
                    new IndexEntry(
                            coordinate,
                            Digest.ofBytes(coordinate.toString().getBytes(StandardCharsets.UTF_8)),
                            1_000 + i,
                            List.copyOf(requires.values()),
                            random.nextInt(4) == 0
                                    ? Optional.of(VersionRange.parse(">=1.0.0"))
                                    : Optional.empty(),
                            yanked
                                    ? ReleaseStatus.of(ReleaseStatus.State.YANKED, "broken")
                                    : ReleaseStatus.LIVE,
                            Optional.of(NOW.minusSeconds(86_400L * (versions.size() - i)))));
        }
        return releases;
    }

    private String range(Random random, int target, boolean fitting) {
        List<Version> versions = versions(target);
        Version version = versions.get(hidden(target, versions));
        if (!fitting && random.nextInt(4) == 0) {
            version = versions.get(random.nextInt(versions.size()));
        }
        return switch (random.nextInt(10)) {
            case 0 -> ">=" + version;
            case 1 -> "~" + version;
            case 2 -> version.major() + ".x || ^" + version;
            default -> "^" + version;
        };
    }

    /** So many requirements that can be met together. */
    List<Requirement> requirements(int count, long requestSeed) {
        Random random = new Random(requestSeed);
        Map<PluginId, Requirement> requirements = new LinkedHashMap<>();
        while (requirements.size() < Math.min(count, plugins)) {
            int plugin = random.nextInt(plugins);
            Version hidden = hidden(plugin);
            String range =
                    switch (random.nextInt(10)) {
                        case 0, 1, 2 -> ">=" + hidden;
                        case 3 -> "~" + hidden;
                        default -> "^" + hidden;
                    };
            requirements.put(id(plugin), new Requirement(id(plugin), VersionRange.parse(range)));
        }
        return List.copyOf(requirements.values());
    }

    @Override
    public Map<PluginId, List<IndexEntry>> releases(Set<PluginId> wanted) {
        asked += wanted.size();
        batches++;
        Map<PluginId, List<IndexEntry>> answer = new HashMap<>();
        for (PluginId plugin : wanted) {
            answer.put(
                    plugin,
                    made.computeIfAbsent(
                            plugin,
                            any ->
                                    releases(
                                            Integer.parseInt(
                                                    plugin.name().substring("plugin-".length())))));
        }
        return answer;
    }
}
