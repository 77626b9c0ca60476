package dev.modunest.format.resolve;

import static org.assertj.core.api.Assertions.assertThat;

import dev.modunest.format.Coordinate;
import dev.modunest.format.PluginId;
import dev.modunest.format.Version;
import dev.modunest.format.VersionRange;
import dev.modunest.format.resolve.Resolution.Reason;
import dev.modunest.format.resolve.Resolution.Remedy;
import dev.modunest.format.resolve.ResolvePolicy.MinimumAge;
import dev.modunest.format.resolve.ResolvePolicy.Preference;

import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** What a person reads when there is no plan. */
class ExplanationTest {

    private static final Instant NOW = Instant.parse("2026-11-24T10:00:00Z");

    private final Index index = new Index();

    @Test
    void namesTheRangeOfTheRequestThatIsToChange() {
        index.with("a/x@1.0.0", "a/z ^1")
                .with("a/x@2.0.0", "a/z ^2")
                .with("a/y@1.0.0", "a/z ^2")
                .with("a/z@1.0.0")
                .with("a/z@2.0.0");

        Reason reason = only(wanting("a/x@^1", "a/y@^1"));

        assertThat(reason.code()).isEqualTo("range-conflict");
        assertThat(reason.remedies())
                .containsExactly(
                        new Remedy.OtherRange(
                                PluginId.parse("a/x"),
                                VersionRange.parse("^1"),
                                VersionRange.parse("^2.0.0")));
        assertThat(reason.fix())
                .startsWith("ask for a/x '^2.0.0' instead of '^1'; or have the publisher of a/x");
    }

    @Test
    void namesThePublisherWhoseRangeIsInTheWayWhenTheRequestCannotHelp() {
        index.with("a/x@1.0.0", "a/z ^1")
                .with("a/y@1.0.0", "a/z ^2")
                .with("a/z@1.0.0")
                .with("a/z@2.0.0");

        Reason reason = only(wanting("a/x", "a/y"));

        assertThat(reason.remedies())
                .containsExactly(
                        new Remedy.LeaveOut(PluginId.parse("a/x")),
                        new Remedy.LeaveOut(PluginId.parse("a/y")));
        assertThat(reason.fix())
                .isEqualTo(
                        "leave out a/x; or leave out a/y; or have the publisher of a/x publish a"
                                + " release that requires a/z '^1 || ^2.0.0'");
    }

    @Test
    void namesTheChangeThatFewestHaveToMakeAndNoPreRelease() {
        index.with("a/x@1.0.0", "a/z ^1")
                .with("a/y@1.0.0", "a/z ^2")
                .with("a/z@1.0.0")
                .with("a/z@2.0.0")
                .with("a/z@2.1.0-rc.1");

        assertThat(only(wanting("a/x", "a/y")).fix())
                .endsWith("requires a/z '^1 || ^2.0.0'")
                .doesNotContain("rc.1");
    }

    @Test
    void saysThroughWhomAPluginCameToBeRequired() {
        index.with("a/top@1.0.0", "a/mid ^1")
                .with("a/mid@1.0.0", "a/low ^1")
                .with("a/low@1.0.0", "a/z ^1")
                .with("a/z@1.0.0")
                .with("a/z@2.0.0");

        Reason reason = only(wanting("a/top", "a/z@^2"));

        assertThat(reason.detail())
                .isEqualTo(
                        "no release of a/z suits everyone: the request requires '^2', a/low@1.0.0"
                                + " (through a/top@1.0.0, a/mid@1.0.0) requires '^1'; there are"
                                + " 2.0.0, 1.0.0");
        assertThat(reason.fix()).contains("ask for a/z '^1.0.0' instead of '^2'");
    }

    @Test
    void offersThePrereleaseThatWouldFit() {
        index.with("a/x@1.0.0").with("a/x@1.4.0-rc.1");

        Reason reason = only(wanting("a/x@>=1.1.0"));

        assertThat(reason.code()).isEqualTo("no-matching-release");
        assertThat(reason.remedies())
                .contains(new Remedy.AllowPrereleases(Coordinate.parse("a/x@1.4.0-rc.1")));
        assertThat(reason.fix())
                .contains("allow pre-releases with include_prereleases: a/x@1.4.0-rc.1 would fit");
    }

    @Test
    void saysWhenAYoungReleaseIsOldEnough() {
        index.add(Index.published(Index.entry("a/x@1.4.0"), NOW.minus(Duration.ofDays(1))));
        ResolvePolicy policy =
                new ResolvePolicy(
                        false,
                        Optional.of(new MinimumAge(Duration.ofDays(3), NOW)),
                        Preference.HIGHEST);

        Reason reason = only(wanting("a/x").withPolicy(policy));

        assertThat(reason.code()).isEqualTo("release-too-young");
        assertThat(reason.detail())
                .contains("younger than PT72H: 1.4.0 (published 2026-11-23T10:00:00Z)");
        assertThat(reason.remedies())
                .containsExactly(
                        new Remedy.Wait(
                                Coordinate.parse("a/x@1.4.0"),
                                Instant.parse("2026-11-26T10:00:00Z")));
        assertThat(reason.fix()).contains("it is old enough at 2026-11-26T10:00:00Z");
    }

    @Test
    void offersAnotherHostAndAnotherRange() {
        index.withHost("a/x@1.4.0", "^2").withHost("a/x@1.0.0", "^1");

        Reason reason = only(wanting("a/x@^1.4").withHost(Optional.of(Version.parse("1.2.0"))));

        assertThat(reason.code()).isEqualTo("host-mismatch");
        assertThat(reason.fix())
                .contains("use a host in '^2': a/x@1.4.0 would fit")
                .contains("ask for a/x '^1.0.0' instead of '^1.4'");
    }

    @Test
    void namesTheStateOfWithdrawnReleases() {
        index.add(
                Index.in(
                        ReleaseStatus.of(ReleaseStatus.State.QUARANTINED, "malware"),
                        Index.entry("a/x@1.1.0")));
        index.with("a/x@1.0.0");

        Reason reason = only(wanting("a/x@1.1.0"));

        assertThat(reason.detail())
                .contains("which only quarantined releases satisfy")
                .contains("1.1.0 (quarantined), 1.0.0");
        assertThat(reason.fix()).contains("ask for a/x '^1.0.0' instead of '1.1.0'");
    }

    @Test
    void isTheSameWhateverTheOrderOfTheRequest() {
        index.with("a/x@1.0.0", "a/z ^1")
                .with("a/y@1.0.0", "a/z ^2")
                .with("a/z@1.0.0")
                .with("a/z@2.0.0");

        assertThat(only(wanting("a/x", "a/y")).code())
                .isEqualTo(only(wanting("a/y", "a/x")).code());
    }

    private static ResolveRequest wanting(String... requirements) {
        return ResolveRequest.of(Arrays.stream(requirements).map(Requirement::parse).toList());
    }

    private Reason only(ResolveRequest request) {
        List<Reason> reasons =
                switch (Resolver.resolve(request, index)) {
                    case Resolution.Conflict(var found) -> found;
                    case Resolution.TooComplex(var reason) -> List.of(reason);
                    case Resolution.Resolved resolved ->
                            throw new AssertionError(resolved.toString());
                };
        assertThat(reasons).hasSize(1);
        return reasons.getFirst();
    }
}
