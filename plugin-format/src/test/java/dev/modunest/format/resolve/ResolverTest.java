package dev.modunest.format.resolve;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.modunest.format.Coordinate;
import dev.modunest.format.PluginId;
import dev.modunest.format.Version;

import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

class ResolverTest {

    private static final Instant NOW = Instant.parse("2026-11-24T10:00:00Z");

    private final Index index = new Index();

    @Test
    void picksTheHighestReleaseThatSatisfiesTheRange() {
        index.with("a/x@1.0.0").with("a/x@1.9.0").with("a/x@1.10.0").with("a/x@2.0.0");

        assertThat(plan("a/x@^1")).containsExactly("a/x@1.10.0");
    }

    @Test
    void putsDependenciesBeforeTheirDependentsAndWiresThem() {
        index.with("a/top@1.0.0", "a/left ^1", "a/right ^1")
                .with("a/left@1.0.0", "a/base >=1")
                .with("a/right@1.1.0", "a/base <2")
                .with("a/base@1.5.0")
                .with("a/base@2.0.0");

        List<Plan.Step> steps = resolved(request("a/top")).steps();

        assertThat(steps)
                .extracting(step -> step.coordinate().toString())
                .containsExactly("a/base@1.5.0", "a/left@1.0.0", "a/right@1.1.0", "a/top@1.0.0");
        assertThat(steps.getLast().requires())
                .extracting(Coordinate::toString)
                .containsExactly("a/left@1.0.0", "a/right@1.1.0");
        assertThat(steps.getFirst().url())
                .isEqualTo("/artifacts/sha256/" + steps.getFirst().digest().hex());
        assertThat(steps.getFirst().size()).isEqualTo("a/base@1.5.0".length());
    }

    @Test
    void goesBackToALowerReleaseWhenTheHighestLeadsNowhere() {
        index.with("a/x@2.0.0", "a/y ^2")
                .with("a/x@1.0.0", "a/y ^1")
                .with("a/y@1.0.0")
                .with("a/y@2.0.0")
                .with("a/z@1.0.0", "a/y ^1");

        assertThat(plan("a/x", "a/z")).containsExactly("a/y@1.0.0", "a/x@1.0.0", "a/z@1.0.0");
    }

    @Test
    void keepsAnInstalledReleaseWhileItSatisfiesEvenWhenYanked() {
        index.withYanked("a/x@1.0.0").with("a/x@1.1.0").with("a/x@2.0.0");

        assertThat(plan(request("a/x@*").installed("a/x@1.0.0").preferInstalled()))
                .containsExactly("a/x@1.0.0");
        assertThat(plan(request("a/x@*").installed("a/x@1.0.0"))).containsExactly("a/x@2.0.0");
        assertThat(plan(request("a/x@1.0.0").installed("a/x@1.0.0"))).containsExactly("a/x@1.0.0");
        assertThat(plan(request("a/x@*").locked("a/x@1.0.0"))).containsExactly("a/x@1.0.0");
        assertThat(plan(request("a/x@^2").installed("a/x@1.0.0"))).containsExactly("a/x@2.0.0");
    }

    @Test
    void leavesOutReleasesThatAreTooYoungUnlessTheyAreKept() {
        index.add(Index.published(Index.entry("a/x@1.0.0"), NOW.minus(Duration.ofDays(9))));
        index.add(Index.published(Index.entry("a/x@1.1.0"), NOW.minus(Duration.ofDays(2))));
        index.with("a/x@1.2.0");

        assertThat(plan(request("a/x").minimumAge(3))).containsExactly("a/x@1.0.0");
        assertThat(plan(request("a/x").minimumAge(2))).containsExactly("a/x@1.1.0");
        assertThat(plan(request("a/x").minimumAge(3).installed("a/x@1.1.0")))
                .containsExactly("a/x@1.1.0");
        assertThat(plan(request("a/x@~1.2").minimumAge(3).locked("a/x@1.2.0")))
                .containsExactly("a/x@1.2.0");
    }

    @Test
    void neverChoosesAQuarantinedOrDeletedReleaseEvenWhenKept() {
        index.with("a/x@1.0.0");
        index.add(
                Index.in(
                        ReleaseStatus.of(ReleaseStatus.State.QUARANTINED, "bad"),
                        Index.entry("a/x@2.2.0")));
        index.add(
                Index.in(
                        ReleaseStatus.of(ReleaseStatus.State.DELETED, "bad"),
                        Index.entry("a/x@2.3.0")));

        assertThat(plan(request("a/x").locked("a/x@2.2.0", "a/x@2.3.0").installed("a/x@2.2.0")))
                .containsExactly("a/x@1.0.0");
    }

    @Test
    void ignoresInstalledReleasesThatTheIndexDoesNotKnow() {
        index.with("a/x@1.1.0");

        assertThat(plan(request("a/x").installed("a/x@1.0.0", "b/gone@1.0.0")))
                .containsExactly("a/x@1.1.0");
    }

    @Test
    void neverChoosesAYankedRelease() {
        index.with("a/x@1.0.0").withYanked("a/x@1.1.0");

        assertThat(plan("a/x")).containsExactly("a/x@1.0.0");
        assertThat(codes(request("a/x@1.1.0"))).containsExactly("no-matching-release");
        assertThat(conflict(request("a/x@1.1.0")).getFirst().fix()).contains("unyanked");
    }

    @Test
    void takesPrereleasesOnlyByNpmsRulesOrWhenAsked() {
        index.with("a/x@1.0.0").with("a/x@1.1.0-rc.1");

        assertThat(plan("a/x@^1")).containsExactly("a/x@1.0.0");
        assertThat(plan("a/x@^1.1.0-rc.0")).containsExactly("a/x@1.1.0-rc.1");
        assertThat(plan(request("a/x@^1").prereleases())).containsExactly("a/x@1.1.0-rc.1");
        assertThat(conflict(request("a/x@^1.1.0")).getFirst().code())
                .isEqualTo("no-matching-release");
    }

    @Test
    void saysThatOnlyPrereleasesMatch() {
        index.with("a/x@2.0.0-rc.1");

        assertThat(conflict(request("a/x@2.x")).getFirst().fix()).contains("include_prereleases");
    }

    @Test
    void leavesOutReleasesThatDoNotRunOnTheHost() {
        index.withHost("a/x@1.0.0", ">=1.0.0").withHost("a/x@2.0.0", ">=3.0.0");

        assertThat(plan(request("a/x").host("1.5.0"))).containsExactly("a/x@1.0.0");
        assertThat(plan("a/x")).containsExactly("a/x@2.0.0");
        Resolution.Reason reason = conflict(request("a/x@2").host("1.5.0")).getFirst();
        assertThat(reason.code()).isEqualTo("host-mismatch");
        assertThat(reason.detail()).contains("a/x", "1.5.0", ">=3.0.0");
    }

    @Test
    void namesAnUnknownPluginAndWhoRequiresIt() {
        index.with("a/x@1.0.0", "b/missing ^1");

        Resolution.Reason reason = conflict(request("a/x")).getFirst();

        assertThat(reason.code()).isEqualTo("unknown-plugin");
        assertThat(reason.detail()).contains("b/missing", "a/x@1.0.0");
        assertThat(reason.fix()).contains("publish b/missing");
    }

    @Test
    void reportsEveryRequirementThatIsHopeless() {
        index.with("a/x@1.0.0");

        assertThat(codes(request("a/x@^2", "a/y", "a/z")))
                .containsExactly("unknown-plugin", "unknown-plugin", "no-matching-release");
    }

    @Test
    void explainsARangeConflictByBothSides() {
        index.with("a/x@1.0.0", "a/z ^1")
                .with("a/y@1.0.0", "a/z ^2")
                .with("a/z@1.0.0")
                .with("a/z@2.0.0");

        List<Resolution.Reason> reasons = conflict(request("a/x", "a/y"));

        assertThat(reasons).hasSize(1);
        assertThat(reasons.getFirst().code()).isEqualTo("range-conflict");
        assertThat(reasons.getFirst().detail())
                .contains("a/z", "a/x@1.0.0", "'^1'", "a/y@1.0.0", "'^2'", "1.0.0", "2.0.0");
    }

    @Test
    void summarisesManyRequirersAndReleases() {
        for (int i = 1; i <= 9; i++) {
            index.with("a/x@1.0." + i, "a/z ^1").with("a/z@2.0." + i);
        }
        index.with("a/z@1.0.0");

        List<Resolution.Reason> reasons = conflict(request("a/x", "a/z@2"));

        assertThat(reasons.getFirst().detail())
                .contains("a/x@1.0.9 (and 8 other releases)", "and 5 lower");
    }

    @Test
    void namesTheCircleOfRequiredDependencies() {
        index.with("a/c@1.0.0", "a/a *").with("a/a@1.0.0", "a/b *").with("a/b@1.0.0", "a/c *");
        index.with("a/top@1.0.0", "a/b *");

        Resolution.Reason reason = conflict(request("a/top")).getFirst();

        assertThat(reason.code()).isEqualTo("cycle");
        assertThat(reason.detail()).contains("a/a@1.0.0 -> a/b@1.0.0 -> a/c@1.0.0 -> a/a@1.0.0");
    }

    @Test
    void findsAReleaseThatRequiresItself() {
        index.with("a/x@1.0.0", "a/x ^1").with("a/y@1.0.0", "a/y ^2").with("a/y@2.0.0-x");

        assertThat(codes(request("a/x"))).containsExactly("cycle");
        assertThat(codes(request("a/y"))).containsExactly("no-matching-release");
    }

    @Test
    void doesNotPullInAnOptionalDependency() {
        index.with("a/x@1.0.0", "?a/y ^1").with("a/y@1.0.0");

        assertThat(plan("a/x")).containsExactly("a/x@1.0.0");
    }

    @Test
    void wiresAnOptionalDependencyThatIsThereAndHoldsItToTheRange() {
        index.with("a/x@1.0.0", "?a/y ^1").with("a/y@1.0.0").with("a/y@2.0.0");

        Plan plan = resolved(request("a/x", "a/y"));

        assertThat(names(plan)).containsExactly("a/y@1.0.0", "a/x@1.0.0");
        assertThat(plan.steps().getLast().requires())
                .containsExactly(Coordinate.parse("a/y@1.0.0"));
    }

    @Test
    void setsOptionalRangesAsideRatherThanFail() {
        index.with("a/x@1.0.0", "?a/y ^1").with("a/y@2.0.0");

        Plan plan = resolved(request("a/x", "a/y"));

        assertThat(names(plan)).containsExactly("a/x@1.0.0", "a/y@2.0.0");
        assertThat(plan.steps()).allSatisfy(step -> assertThat(step.requires()).isEmpty());
    }

    @Test
    void doesNotWireAnOptionalDependencyThatWouldCloseACircle() {
        index.with("a/x@1.0.0", "?a/y ^1", "?a/x ^1").with("a/y@1.0.0", "a/x ^1");

        Plan plan = resolved(request("a/x", "a/y"));

        assertThat(names(plan)).containsExactly("a/x@1.0.0", "a/y@1.0.0");
        assertThat(plan.steps().getFirst().requires()).isEmpty();
    }

    @Test
    void asksLevelByLevelAndForEachPluginOnce() {
        index.with("a/top@1.0.0", "a/l *", "a/r *")
                .with("a/l@1.0.0", "a/base *")
                .with("a/r@1.0.0", "a/base ^1", "a/l *")
                .with("a/base@1.0.0", "a/gone ^1")
                .with("a/base@0.9.0");

        assertThat(codes(request("a/top"))).containsExactly("unknown-plugin");

        assertThat(index.batches)
                .containsExactly(
                        Set.of(PluginId.parse("a/top")),
                        Set.of(PluginId.parse("a/l"), PluginId.parse("a/r")),
                        Set.of(PluginId.parse("a/base")),
                        Set.of(PluginId.parse("a/gone")));
    }

    @Test
    void aRangeThatIsSeenLaterReachesFurtherReleases() {
        index.with("a/top@1.0.0", "a/x ^1 || ^2", "a/mid *")
                .with("a/mid@1.0.0", "a/low *")
                .with("a/low@1.0.0", "a/x ^1 || ^3")
                .with("a/x@1.0.0", "a/leaf *")
                .with("a/x@3.0.0", "a/other *")
                .with("a/leaf@1.0.0");

        assertThat(plan("a/top"))
                .containsExactly(
                        "a/leaf@1.0.0", "a/x@1.0.0", "a/low@1.0.0", "a/mid@1.0.0", "a/top@1.0.0");
    }

    /** Without learning this takes 10^30 steps: every level fails for the same reason far below. */
    @Test
    void doesNotRepeatADeadEndAtEveryLevel() {
        for (int level = 0; level < 30; level++) {
            for (int release = 0; release < 10; release++) {
                index.with("a/n" + level + "@1.0." + release, "a/n" + (level + 1) + " *");
            }
        }
        index.with("a/n30@1.0.0", "a/z ^1").with("a/z@1.0.0").with("a/z@2.0.0");

        assertThat(codes(request("a/n0", "a/z@^2"))).containsExactly("range-conflict");
    }

    @Test
    void answersAPigeonholeOrGivesItUpInBoundedSteps() {
        pigeonhole(4);
        assertThat(codes(request(pigeons(5)))).containsOnly("range-conflict");

        Index large = new Index();
        pigeonhole(large, 12);
        assertThat(Resolver.resolve(request(pigeons(13)).build(), large))
                .isInstanceOfSatisfying(
                        Resolution.TooComplex.class,
                        given -> assertThat(given.reason().code()).isEqualTo("too-complex"));
    }

    @Test
    void whatTheCheckThrowsEndsTheSearch() {
        Index large = new Index();
        pigeonhole(large, 12);
        AtomicInteger looks = new AtomicInteger();
        IllegalStateException enough = new IllegalStateException("enough");

        assertThatThrownBy(
                        () ->
                                Resolver.resolve(
                                        request(pigeons(13)).build(),
                                        large,
                                        () -> {
                                            if (looks.incrementAndGet() == 50) {
                                                throw enough;
                                            }
                                        }))
                .isSameAs(enough);
        assertThat(looks).hasValue(50);
    }

    @Test
    void remediesAreTriedFromWhatTheSearchesLeft() {
        pigeonhole(4);
        ResolveRequest request = request(pigeons(5)).build();
        KnownReleases known = new KnownReleases(index);
        Universe universe = new Universe(request, known);
        Budget spent = new Budget(() -> {});
        spent.spend(Budget.STEPS);

        assertThat(Resolver.solve(universe, 200_000, new Budget(() -> {})))
                .isInstanceOf(Solver.Outcome.Impossible.class);
        assertThat(Resolver.solve(universe, 200_000, spent))
                .isInstanceOf(Solver.Outcome.GivenUp.class);
    }

    @Test
    void resolvesFiveHundredPluginsWithFourReleasesEach() {
        for (int i = 0; i < 500; i++) {
            for (int release = 0; release < 4; release++) {
                String[] requires =
                        IntStream.of(i / 2, i / 3, i / 7)
                                .distinct()
                                .filter(target -> target != 0)
                                .mapToObj(target -> "a/p" + (target - 1) + " ^1.0.0")
                                .toArray(String[]::new);
                index.with("a/p" + i + "@1." + release + ".0", i == 0 ? new String[0] : requires);
            }
        }
        String[] all = IntStream.range(0, 500).mapToObj(i -> "a/p" + i).toArray(String[]::new);

        assertThat(plan(all)).hasSize(500).allMatch(name -> name.endsWith("@1.3.0"));
    }

    private void pigeonhole(int holes) {
        pigeonhole(index, holes);
    }

    /** Each of holes + 1 pigeons sits in one hole, and a hole is there for one pigeon. */
    private static void pigeonhole(Index index, int holes) {
        for (int pigeon = 1; pigeon <= holes + 1; pigeon++) {
            for (int hole = 1; hole <= holes; hole++) {
                index.with(
                        "a/pigeon" + pigeon + "@" + hole + ".0.0", "a/hole" + hole + " " + pigeon);
                index.with("a/hole" + hole + "@" + pigeon + ".0.0");
            }
        }
    }

    private static String[] pigeons(int count) {
        return IntStream.rangeClosed(1, count).mapToObj(i -> "a/pigeon" + i).toArray(String[]::new);
    }

    /** A request in the making. */
    private static final class Asked {
        private final List<Requirement> requirements;
        private List<Coordinate> locked = List.of();
        private List<Coordinate> installed = List.of();
        private Optional<Version> host = Optional.empty();
        private boolean prereleases;
        private Optional<ResolvePolicy.MinimumAge> minimumAge = Optional.empty();
        private ResolvePolicy.Preference preference = ResolvePolicy.Preference.HIGHEST;

        Asked(String... requirements) {
            this.requirements = Arrays.stream(requirements).map(Requirement::parse).toList();
        }

        Asked installed(String... coordinates) {
            installed = Arrays.stream(coordinates).map(Coordinate::parse).toList();
            return this;
        }

        Asked locked(String... coordinates) {
            locked = Arrays.stream(coordinates).map(Coordinate::parse).toList();
            return this;
        }

        Asked preferInstalled() {
            preference = ResolvePolicy.Preference.INSTALLED;
            return this;
        }

        Asked minimumAge(int days) {
            minimumAge = Optional.of(new ResolvePolicy.MinimumAge(Duration.ofDays(days), NOW));
            return this;
        }

        Asked host(String version) {
            host = Optional.of(Version.parse(version));
            return this;
        }

        Asked prereleases() {
            prereleases = true;
            return this;
        }

        ResolveRequest build() {
            return new ResolveRequest(
                    requirements,
                    locked,
                    installed,
                    host,
                    new ResolvePolicy(prereleases, minimumAge, preference));
        }
    }

    private static Asked request(String... requirements) {
        return new Asked(requirements);
    }

    private List<String> plan(String... requirements) {
        return plan(request(requirements));
    }

    private List<String> plan(Asked asked) {
        return names(resolved(asked));
    }

    private static List<String> names(Plan plan) {
        return plan.steps().stream().map(step -> step.coordinate().toString()).toList();
    }

    private Plan resolved(Asked asked) {
        return switch (Resolver.resolve(asked.build(), index)) {
            case Resolution.Resolved(Plan plan) -> plan;
            case Resolution.Conflict(var reasons) -> throw new AssertionError(reasons.toString());
            case Resolution.TooComplex(var reason) -> throw new AssertionError(reason.toString());
        };
    }

    private List<Resolution.Reason> conflict(Asked asked) {
        return switch (Resolver.resolve(asked.build(), index)) {
            case Resolution.Conflict(var reasons) -> reasons;
            case Resolution.TooComplex(var reason) -> List.of(reason);
            case Resolution.Resolved(Plan plan) -> throw new AssertionError(names(plan).toString());
        };
    }

    private List<String> codes(Asked asked) {
        return conflict(asked).stream().map(Resolution.Reason::code).collect(Collectors.toList());
    }
}
