package dev.modunest.format.resolve;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;

import dev.modunest.format.CanonicalJson;
import dev.modunest.format.Coordinate;
import dev.modunest.format.Digest;
import dev.modunest.format.PluginId;
import dev.modunest.format.Version;

import org.junit.jupiter.api.Test;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;

class LockTest {

    private static final Instant NOW = Instant.parse("2026-11-24T10:00:00Z");

    private final Index index =
            new Index()
                    .with("a/top@1.0.0", "a/mid ^1", "?a/extra ^1")
                    .withHost("a/mid@1.0.0", "^1", "a/base >=1")
                    .with("a/base@1.0.0")
                    .with("a/base@1.1.0")
                    .with("a/extra@1.0.0");
    private final List<Requirement> wanted =
            List.of(Requirement.parse("a/top@^1"), Requirement.parse("a/extra"));
    private final Lock lock = solve(wanted);

    @Test
    void survivesWritingAndReading() {
        Lock full =
                new Lock(
                        wanted,
                        Optional.of(Version.parse("1.2.0")),
                        new ResolvePolicy(
                                true,
                                Optional.of(new ResolvePolicy.MinimumAge(Duration.ofDays(3), NOW)),
                                ResolvePolicy.Preference.INSTALLED),
                        lock.plan());

        assertThat(LockJson.read(LockJson.write(full))).isEqualTo(full);
        assertThat(LockJson.read(LockJson.writeIndented(full))).isEqualTo(full);
        assertThat(LockJson.read(LockJson.write(lock))).isEqualTo(lock);
    }

    @Test
    void hasTheDocumentedShapeAndDigest() {
        Lock small =
                new Lock(
                        List.of(Requirement.parse("a/x@^1")),
                        Optional.of(Version.parse("1.2.0")),
                        ResolvePolicy.DEFAULT,
                        new Plan(
                                List.of(
                                        new Plan.Step(
                                                Coordinate.parse("a/x@1.0.0"),
                                                Digest.ofBytes(new byte[0]),
                                                3,
                                                "/artifacts/x",
                                                List.of()))));
        String step =
                "{\"coordinate\":\"a/x@1.0.0\",\"digest\":\""
                        + Digest.ofBytes(new byte[0])
                        + "\",\"requires\":[],\"size\":3,\"url\":\"/artifacts/x\"}";
        String canonical =
                "{\"host\":\"1.2.0\",\"lock_version\":2,"
                        + "\"policy\":{\"include_prereleases\":false,\"prefer\":\"highest\"},"
                        + "\"requirements\":[{\"plugin\":\"a/x\",\"range\":\"^1\"}],"
                        + "\"steps\":["
                        + step
                        + "]}";

        assertThat(LockJson.digest(small))
                .isEqualTo(Digest.ofBytes(canonical.getBytes(StandardCharsets.UTF_8)));
        assertThat(LockJson.write(small)).contains("\"digest\":\"" + LockJson.digest(small));
    }

    @Test
    void isTheSameWhateverProvesThatItsArtifactsMayBeRead() {
        Lock signed =
                with(
                        lock.plan().steps().stream()
                                .map(step -> step.withUrl(step.url() + "?exp=1&kid=a&sig=b"))
                                .toList());
        assertThat(LockJson.digest(signed)).isEqualTo(LockJson.digest(lock));
        assertThat(LockJson.read(LockJson.write(signed))).isEqualTo(signed);
        String json = LockJson.write(signed);
        assertThat(LockJson.read(json.replace("exp=1", "exp=2")).plan().steps().getFirst().url())
                .endsWith("?exp=2&kid=a&sig=b");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> LockJson.read(json.replace("?exp=1", "x?exp=1")));
    }

    @Test
    void refusesALockThatWasChanged() {
        String json = LockJson.write(lock);

        for (String changed :
                List.of(
                        json.replace("a/base@1.1.0", "a/base@1.0.0"),
                        json.replace("\"size\":", "\"size\":1"),
                        json.replaceFirst("\\{", "{\"note\":\"x\","),
                        json.replace("\"^1\"", "\"^2\""))) {
            assertThat(changed).isNotEqualTo(json);
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> LockJson.read(changed))
                    .withMessageContaining("it was changed after it was made");
        }
    }

    @Test
    void coversFieldsThatItDoesNotKnow() throws Exception {
        ObjectNode json = (ObjectNode) new ObjectMapper().readTree(LockJson.write(lock));
        json.remove("digest");
        json.putObject("later").put("b", true).putNull("a").put("text", "\u00e9\n\u0001");
        json.put("digest", CanonicalJson.digest(json).toString());

        assertThat(LockJson.read(json.toString())).isEqualTo(lock);
        json.put("digest", LockJson.digest(lock).toString());
        assertThatIllegalArgumentException().isThrownBy(() -> LockJson.read(json.toString()));
    }

    @Test
    void refusesAnotherLockVersionAndWhatIsNoLock() {
        String json = LockJson.write(lock);

        assertThatIllegalArgumentException()
                .isThrownBy(() -> LockJson.read(json.replace("_version\":2", "_version\":1")))
                .withMessage("/lock_version is 1 and 2 is read: delete the lock and resolve again");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> LockJson.read("{\"steps\":[]}"))
                .withMessageContaining("/lock_version is missing");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> LockJson.read("{\"lock_version\":2}"))
                .withMessage("/digest is missing");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> LockJson.readVerification("{}"))
                .withMessageContaining("/lock is missing");
    }

    @Test
    void canonicalFormIsThatOfRfc8785() throws Exception {
        String json =
                "{\"\\u20ac\":\"Euro\",\"\\r\":1,\"\\ufb33\":[true,null,-5],\"1\":{},"
                        + "\"\\ud83d\\ude00\":\"\\u0000\\u001f\\b\\t\\f\\\"\\\\/\",\"\u00f6\":\"\u007f\"}";

        assertThat(CanonicalJson.text(new ObjectMapper().readTree(json)))
                .isEqualTo(
                        "{\"\\r\":1,\"1\":{},\"\u00f6\":\"\u007f\",\"\u20ac\":\"Euro\","
                                + "\"\ud83d\ude00\":\"\\u0000\\u001f\\b\\t\\f\\\"\\\\/\","
                                + "\"\ufb33\":[true,null,-5]}");
        for (String outside :
                List.of("1.5", "9007199254740992", "1e400", "\"\\ud800\"", "\"\\udc00x\"")) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> CanonicalJson.text(new ObjectMapper().readTree(outside)));
        }
    }

    @Test
    void holdsWhileItsReleasesAreThereHigherOnesOrNot() {
        assertThat(lock.verify(wanted, index)).isEmpty();

        index.with("a/top@1.1.0").with("a/base@1.2.0");
        assertThat(lock.verify(wanted, index)).isEmpty();
        assertThat(index.batches.getLast()).hasSize(4);
    }

    @Test
    void toleratesAYankedReleaseButNoWorse() {
        assertThat(codes(replaced("a/base@1.1.0", ReleaseStatus.State.YANKED))).isEmpty();
        assertThat(codes(replaced("a/base@1.1.0", ReleaseStatus.State.QUARANTINED)))
                .containsExactly("release-withdrawn");
        assertThat(codes(replaced("a/base@1.1.0", ReleaseStatus.State.DELETED)))
                .containsExactly("release-withdrawn");
    }

    @Test
    void findsAReleaseThatIsGoneOrOther() {
        Index other = new Index();
        for (String plugin : List.of("a/top", "a/mid", "a/extra")) {
            index.of(PluginId.parse(plugin)).forEach(other::add);
        }
        assertThat(lock.verify(wanted, other))
                .extracting(Resolution.Reason::code)
                .containsExactly("release-unknown");

        assertThat(
                        changed(
                                step ->
                                        step.coordinate().equals(Coordinate.parse("a/base@1.1.0"))
                                                ? new Plan.Step(
                                                        step.coordinate(),
                                                        Digest.ofBytes(new byte[1]),
                                                        step.size(),
                                                        step.url(),
                                                        step.requires())
                                                : step))
                .containsExactly("digest-mismatch");
    }

    @Test
    void holdsRequirementsDependenciesAndHostToTheirRanges() {
        assertThat(codes(lock.verify(List.of(Requirement.parse("a/top@^2")), index)))
                .containsExactly("out-of-range", "superfluous");
        assertThat(codes(lock.verify(List.of(Requirement.parse("b/new")), index)))
                .contains("missing", "superfluous");
        assertThat(
                        codes(
                                new Lock(
                                                wanted,
                                                Optional.of(Version.parse("2.0.0")),
                                                lock.policy(),
                                                lock.plan())
                                        .verify(wanted, index)))
                .containsExactly("host-mismatch");

        index.with("a/solo@1.0.0", "a/mid ^2");
        List<Plan.Step> steps = new ArrayList<>(lock.plan().steps());
        steps.add(
                new Plan.Step(
                        Coordinate.parse("a/solo@1.0.0"),
                        index.of(PluginId.parse("a/solo")).getFirst().digest(),
                        "a/solo@1.0.0".length(),
                        "/artifacts/x",
                        List.of()));
        List<Requirement> more = new ArrayList<>(wanted);
        more.add(Requirement.parse("a/solo"));
        assertThat(codes(with(steps).verify(more, index))).containsExactly("out-of-range");
    }

    @Test
    void findsWrongOrderAndWrongWires() {
        List<Plan.Step> reversed = lock.plan().steps().reversed();
        assertThat(codes(with(reversed).verify(wanted, index))).contains("wrong-order");
        assertThat(changed(step -> rewired(step, List.of()))).contains("wrong-wiring");
        assertThat(
                        changed(
                                step ->
                                        rewired(
                                                step,
                                                List.of(
                                                        Coordinate.parse("a/extra@1.0.0"),
                                                        Coordinate.parse("a/extra@1.0.0")))))
                .contains("wrong-wiring");

        List<Plan.Step> twice = new ArrayList<>(lock.plan().steps());
        twice.add(twice.getFirst());
        assertThat(codes(with(twice).verify(wanted, index))).contains("superfluous");
    }

    private static Plan.Step rewired(Plan.Step step, List<Coordinate> wires) {
        return new Plan.Step(step.coordinate(), step.digest(), step.size(), step.url(), wires);
    }

    private List<String> changed(UnaryOperator<Plan.Step> change) {
        return codes(with(lock.plan().steps().stream().map(change).toList()).verify(wanted, index));
    }

    private Lock with(List<Plan.Step> steps) {
        return new Lock(wanted, lock.host(), lock.policy(), new Plan(steps));
    }

    private List<Resolution.Reason> replaced(String coordinate, ReleaseStatus.State state) {
        return lock.verify(
                wanted,
                plugins -> {
                    var answer = new HashMap<>(index.releases(plugins));
                    answer.replaceAll(
                            (plugin, entries) ->
                                    entries.stream()
                                            .map(
                                                    entry ->
                                                            entry.coordinate()
                                                                            .toString()
                                                                            .equals(coordinate)
                                                                    ? Index.in(
                                                                            ReleaseStatus.of(
                                                                                    state, "bad"),
                                                                            entry)
                                                                    : entry)
                                            .toList());
                    return answer;
                });
    }

    private static List<String> codes(List<Resolution.Reason> reasons) {
        return reasons.stream().map(Resolution.Reason::code).distinct().toList();
    }

    private Lock solve(List<Requirement> requirements) {
        ResolveRequest request = ResolveRequest.of(requirements);
        return switch (Resolver.resolve(request, index)) {
            case Resolution.Resolved(Plan plan) -> Lock.of(request, plan);
            case Resolution.Conflict conflict -> throw new AssertionError(conflict.toString());
            case Resolution.TooComplex given -> throw new AssertionError(given.toString());
        };
    }
}
