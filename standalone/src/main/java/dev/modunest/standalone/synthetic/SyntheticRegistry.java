package dev.modunest.standalone.synthetic;

import dev.modunest.db.BulkNamespace;
import dev.modunest.db.BulkPlugin;
import dev.modunest.db.BulkRelease;
import dev.modunest.format.Coordinate;
import dev.modunest.format.Dependency;
import dev.modunest.format.Digest;
import dev.modunest.format.PluginId;
import dev.modunest.format.Version;
import dev.modunest.format.VersionRange;
import dev.modunest.format.resolve.IndexEntry;
import dev.modunest.format.resolve.ReleaseStatus;
import dev.modunest.format.resolve.Requirement;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.random.RandomGenerator;

/**
 * A registry made up from its shape and a time. Plugins have ranks, 0 the most downloaded; each
 * requires plugins of lower ranks, and is a function of the shape and its rank, so that nothing is
 * kept but names and one version for each. There are no bytes behind its digests. Thread-safe.
 */
public final class SyntheticRegistry {

    private static final int YEARS_IN_DAYS = 8 * 365;
    private static final List<String> REASONS =
            List.of(
                    "loses data on large inputs",
                    "does not start on Windows",
                    "leaks a thread with each reload",
                    "was built from the wrong branch",
                    "breaks the public API");

    private final Shape shape;
    private final Instant now;
    private final Draws draws;
    private final Names names;
    private final Versions versions;
    private final Downloads downloads;
    private final Spread spread;

    public SyntheticRegistry(Shape shape, Instant now) {
        this.shape = shape;
        this.now = now;
        this.draws = new Draws(shape.seed());
        this.names = new Names(shape, draws);
        this.versions = new Versions(shape, draws);
        this.downloads = new Downloads(draws, now);
        this.spread = new Spread(shape.plugins());
    }

    /** The plugin of that rank. */
    public PluginId id(int rank) {
        return names.id(rank);
    }

    public List<String> accounts() {
        return names.accounts();
    }

    public List<BulkNamespace> namespaces() {
        return names.namespaces();
    }

    /** When the first accounts were made. */
    public Instant begin() {
        return now.minus(Duration.ofDays(YEARS_IN_DAYS + 1L));
    }

    /** The days on which downloads are counted one by one, the first first. */
    public List<LocalDate> downloadDays() {
        return downloads.days();
    }

    /** The plugin in that place of an order in which popular ones are spread evenly. */
    public BulkPlugin inPlace(int place) {
        return plugin(spread.rank(place));
    }

    /** The plugin of that rank. */
    public BulkPlugin plugin(int rank) {
        List<IndexEntry> entries = entries(rank);
        PluginText text = new PluginText(names.id(rank), draws.of(Draws.For.TEXT, rank));
        List<Map<LocalDate, Long>> counts = downloads.ofReleases(rank, entries.size());
        List<BulkRelease> releases = new ArrayList<>();
        for (int i = 0; i < entries.size(); i++) {
            releases.add(
                    new BulkRelease(entries.get(i), text.manifest(entries.get(i)), counts.get(i)));
        }
        return new BulkPlugin(
                names.id(rank),
                entries.getFirst().publishedAt().orElseThrow(),
                releases,
                downloads.earlier(rank));
    }

    /** What the index tells of the plugin of that rank, lowest version first. */
    public List<IndexEntry> entries(int rank) {
        List<Version> ofPlugin = versions.of(rank);
        int fitting = versions.fittingPlace(rank, ofPlugin);
        Random dependencies = draws.of(Draws.For.DEPENDENCIES, rank);
        Random status = draws.of(Draws.For.STATUS, rank);
        List<Integer> required = required(rank, dependencies);
        Optional<ReleaseStatus.Deprecation> advice = advice(rank, status);
        List<Instant> times = times(rank, ofPlugin.size());
        List<IndexEntry> entries = new ArrayList<>(ofPlugin.size());
        for (int i = 0; i < ofPlugin.size(); i++) {
            Coordinate coordinate = new Coordinate(names.id(rank), ofPlugin.get(i));
            entries.add(
                    new IndexEntry(
                            coordinate,
                            Digest.ofBytes(
                                    (shape.seed() + " " + coordinate)
                                            .getBytes(StandardCharsets.UTF_8)),
                            size(dependencies),
                            dependencies(required, dependencies, i == fitting),
                            dependencies.nextInt(4) == 0
                                    ? Optional.of(VersionRange.parse(">=1.0.0"))
                                    : Optional.empty(),
                            i == fitting
                                    ? new ReleaseStatus(
                                            ReleaseStatus.State.LIVE, Optional.empty(), advice)
                                    : status(status, advice),
                            Optional.of(times.get(i))));
        }
        return entries;
    }

    /** Log-normal around 150 KiB, 4 KiB to 64 MiB. */
    private static long size(Random random) {
        return (long)
                Math.clamp(150_000 * Math.exp(1.3 * random.nextGaussian()), 4 << 10, 64 << 20);
    }

    /** None for a third of the plugins; popular ones the most often. */
    private static List<Integer> required(int rank, Random random) {
        int count = random.nextInt(20) < 7 ? 0 : Math.min(rank, 1 + random.nextInt(4));
        List<Integer> required = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            required.add(Draws.skewed(random, rank, 3));
        }
        return required;
    }

    /** Those of a fitting release hold of the fitting releases; of the others nearly all do. */
    private List<Dependency> dependencies(List<Integer> required, Random random, boolean fitting) {
        Map<PluginId, Dependency> dependencies = new LinkedHashMap<>();
        for (int rank : required) {
            PluginId id = names.id(rank);
            String range =
                    !fitting && random.nextInt(12) == 0
                            ? "~" + versions.first(rank)
                            : range(random, versions.fitting(rank));
            dependencies.put(
                    id, new Dependency(id, VersionRange.parse(range), random.nextInt(20) == 0));
        }
        return List.copyOf(dependencies.values());
    }

    private static String range(RandomGenerator random, Version version) {
        return switch (random.nextInt(10)) {
            case 0 -> ">=" + version;
            case 1 -> "~" + version;
            case 2 -> version.major() + ".x || ^" + version;
            default -> "^" + version;
        };
    }

    /** One plugin in a hundred is deprecated, most in favour of a more popular one. */
    private Optional<ReleaseStatus.Deprecation> advice(int rank, Random random) {
        if (random.nextInt(100) > 0) {
            return Optional.empty();
        }
        return Optional.of(
                new ReleaseStatus.Deprecation(
                        "is not maintained any more",
                        rank > 0 && random.nextInt(4) > 0
                                ? Optional.of(names.id(Draws.skewed(random, rank, 2)))
                                : Optional.empty()));
    }

    private static ReleaseStatus status(Random random, Optional<ReleaseStatus.Deprecation> advice) {
        int draw = random.nextInt(10_000);
        if (draw >= 210) {
            return new ReleaseStatus(ReleaseStatus.State.LIVE, Optional.empty(), advice);
        }
        ReleaseStatus.State state =
                draw >= 10
                        ? ReleaseStatus.State.YANKED
                        : draw >= 4 ? ReleaseStatus.State.QUARANTINED : ReleaseStatus.State.DELETED;
        return new ReleaseStatus(state, Optional.of(Words.pick(REASONS, random)), advice);
    }

    /** From some day of the last years on, evenly with chance; the last ones recent for most. */
    private List<Instant> times(int rank, int count) {
        Random random = draws.of(Draws.For.TIMES, rank);
        double firstDay = 2 + (YEARS_IN_DAYS - 2) * random.nextDouble();
        double lastDay = firstDay * Math.pow(random.nextDouble(), 2);
        List<Instant> times = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            double day = firstDay - (firstDay - lastDay) * (i + 0.8 * random.nextDouble()) / count;
            times.add(now.minusMillis((long) (day * Duration.ofDays(1).toMillis())));
        }
        return times;
    }

    /** So many requirements that can be met together. */
    public List<Requirement> requirements(int count, long requestSeed) {
        Random random = draws.of(Draws.For.REQUEST, requestSeed);
        Map<PluginId, Requirement> requirements = new LinkedHashMap<>();
        while (requirements.size() < Math.min(count, shape.plugins())) {
            int rank = random.nextInt(shape.plugins());
            PluginId id = names.id(rank);
            requirements.put(
                    id,
                    new Requirement(id, VersionRange.parse(range(random, versions.fitting(rank)))));
        }
        return List.copyOf(requirements.values());
    }
}
