package dev.modunest.format.tuf;

import static dev.modunest.format.tuf.SimulatedRepository.NOW;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.nio.charset.StandardCharsets;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

class TrustedTargetsTest {

    private final SimulatedRepository repository = new SimulatedRepository();
    private final MemoryStore store = new MemoryStore();

    @BeforeEach
    void trustTheFirstRoot() {
        store.write("root", repository.file("root"));
    }

    private TrustedTargets refresh() throws TufException {
        return refresh(TufLimits.DEFAULT);
    }

    private TrustedTargets refresh(TufLimits limits) throws TufException {
        return new TufClient(store, repository, () -> NOW, limits).refresh();
    }

    /** {@code A>B!*.py} lets A trust B, terminating, with all of one pattern. */
    private void delegate(String delegations) {
        Set<String> roles = new LinkedHashSet<>();
        for (String delegation : delegations.split(" ", -1)) {
            String[] names = delegation.split("[>!:]", -1);
            String pattern = names.length == 3 && !names[2].isEmpty() ? names[2] : "*";
            repository.delegate(names[0], names[1], delegation.contains("!"), pattern);
            roles.add(names[0]);
            roles.add(names[1]);
        }
        repository.publish(roles.toArray(String[]::new));
        repository.publish("snapshot", "timestamp");
    }

    @ParameterizedTest
    @CsvSource({
        "targets>A, A",
        "targets>A targets>B, A B",
        "targets>A targets>B B>C, A B C",
        "targets>A targets>B A>C A>D, A C D B",
        "targets>A targets>B A>C C>D, A C D B",
        "targets>A targets>B A>C! A>D, A C",
        "targets>A targets>B A>C! C>D, A C D",
        "targets>A:*.py targets>B A>C, B",
        "targets>A targets>B A>C:*.py C>D, A B",
        "targets>A targets>B B>C C>D D>B, A B C D",
        "targets>A targets>B B>C A>C, A C B",
        "targets>A targets>B B>C A>C:*.py, A B C"
    })
    void searchesDelegationsInOrderAndDepthFirst(String delegations, String visited)
            throws TufException {
        delegate(delegations);
        TrustedTargets state = refresh();
        repository.fetched.clear();
        assertThat(state.find("missing")).isEmpty();
        assertThat(repository.fetched)
                .extracting(path -> path.replaceAll("^1\\.|\\.json$", ""))
                .containsExactly(visited.split(" ", -1));
        assertThatThrownBy(() -> state.get("missing"))
                .isInstanceOfSatisfying(
                        TufException.class,
                        refused -> assertThat(refused.problem()).isEqualTo(TufProblem.NO_TARGET));
    }

    @Test
    void findsATargetOnlyWhereAllRolesAboveAreTrustedWithIt() throws TufException {
        repository.delegate("targets", "A", false, "*.doc", "*.md");
        repository.delegate("targets", "B", false, "releases/*/*");
        repository.delegate("B", "C", false, "releases/x/*");
        repository.delegate("B", "D", false, "releases/y/*.zip");
        repository.addTarget("A", "README.md", "by A");
        repository.addTarget("C", "releases/x/v1", "by C");
        repository.addTarget("D", "releases/y/v1.zip", "by D");
        repository.addTarget("D", "releases/z/v1.zip", "by D too");
        repository.publish("A", "B", "C", "D", "targets", "snapshot", "timestamp");
        TrustedTargets state = refresh();
        for (String path : List.of("README.md", "releases/x/v1", "releases/y/v1.zip")) {
            assertThat(state.download(state.get(path), repository)).asString().startsWith("by ");
        }
        assertThat(state.find("releases/z/v1.zip")).isEmpty();
    }

    @Test
    void stopsAfterTheBoundOfRoles() throws TufException {
        delegate("targets>A A>B B>C C>D");
        TufLimits three = new TufLimits(50_000, 50_000, 50_000, 50_000, 50_000, 9, 3);
        TrustedTargets state = refresh(three);
        assertThat(state.find("missing")).isEmpty();
        assertThat(repository.fetched).contains("1.B.json").doesNotContain("1.C.json");
    }

    @ParameterizedTest
    @CsvSource({"?, 1.%3F.json", "#, 1.%23.json", "/a, 1.%2Fa.json", "../a, 1...%2Fa.json"})
    void asksForRolesWithUnusualNames(String role, String path) throws TufException {
        repository.delegate("targets", role, false, "*");
        repository.publish(role, "targets", "snapshot", "timestamp");
        refresh().find("missing");
        assertThat(repository.fetched.getLast()).isEqualTo(path);
        assertThat(store.version(role)).isEqualTo(1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"expired", "unsigned", "missing", "not in the snapshot", "malformed"})
    void endsTheSearchAtARoleThatIsNotTrusted(String fault) throws TufException {
        repository.delegate("targets", "A", false, "*");
        repository.delegate("targets", "B", false, "*");
        repository.addTarget("B", "x", "text");
        TufProblem expected = TufProblem.UNAVAILABLE;
        switch (fault) {
            case "expired" -> {
                repository.expire("A", NOW);
                expected = TufProblem.METADATA_STALE;
            }
            case "unsigned" -> {
                repository.signersOf("A").clear();
                expected = TufProblem.THRESHOLD;
            }
            case "malformed" -> {
                repository.role("A").remove("targets");
                expected = TufProblem.MALFORMED;
            }
            default -> {}
        }
        repository.publish("A", "B", "targets", "snapshot", "timestamp");
        if (fault.equals("missing")) {
            repository.files.remove("1.A.json");
        }
        if (fault.equals("not in the snapshot")) {
            ((ObjectNode) repository.role("snapshot").get("meta")).remove("A.json");
            repository.put("snapshot");
        }
        TufProblem problem = expected;
        TrustedTargets state = refresh();
        assertThatThrownBy(() -> state.find("x"))
                .isInstanceOfSatisfying(
                        TufException.class,
                        refused -> {
                            assertThat(refused.problem()).isEqualTo(problem);
                            assertThat(refused.role()).isEqualTo("A");
                        });
        assertThat(store.version("A")).isZero();
    }

    @Test
    void takesANewerDelegatedRoleWhenTheKeptOneIsNotOfTheSnapshot() throws TufException {
        repository.delegate("targets", "A", false, "*");
        repository.addTarget("A", "x", "old");
        repository.publish("A", "targets", "snapshot", "timestamp");
        assertThat(refresh().get("x").length()).isEqualTo(3);
        repository.addTarget("A", "x", "newer");
        repository.publish("A", "snapshot", "timestamp");
        assertThat(refresh().get("x").length()).isEqualTo(5);
        assertThat(store.version("A")).isEqualTo(2);
    }

    @Test
    void doesNotTakeOverARoleThatOnlyAnotherDelegatorTrusts() throws TufException {
        repository.delegate("targets", "A", false, "*");
        repository.delegate("targets", "B", false, "*");
        repository.delegate("A", "C", false, "x");
        repository.delegate("B", "C", false, "y");
        ObjectNode delegations = (ObjectNode) repository.role("B").get("delegations");
        ((ArrayNode) delegations.path("roles").get(0).get("keyids")).removeAll().add("nobody");
        repository.addTarget("C", "x", "text");
        repository.addTarget("C", "y", "text");
        repository.publish("A", "B", "C", "targets", "snapshot", "timestamp");
        TrustedTargets state = refresh();
        assertThat(state.get("x").length()).isEqualTo(4);
        assertThat(state.get("x").length()).isEqualTo(4);
        assertThatThrownBy(() -> state.get("y")).hasMessageStartingWith("threshold: C");
    }

    @Test
    void findsTargetsByPrefixesOfTheirHash() throws TufException {
        String hash = TargetPaths.hash("x").hex();
        for (String role : List.of("A", "B")) {
            ObjectNode delegation = repository.delegate("targets", role, true, "*");
            delegation.remove("paths");
            delegation
                    .putArray("path_hash_prefixes")
                    .add(role.equals("A") ? "not hex" : hash.substring(0, 3));
            repository.addTarget(role, "x", "by " + role);
        }
        repository.publish("A", "B", "targets", "snapshot", "timestamp");
        TrustedTargets state = refresh();
        assertThat(state.download(state.get("x"), repository)).asString().isEqualTo("by B");
    }

    @Test
    void refusesContentOfAnotherLengthOrHash() throws TufException {
        repository.addTarget("targets", "dir/file", "content");
        repository.publish("targets", "snapshot", "timestamp");
        TrustedTargets state = refresh();
        TargetFile file = state.get("dir/file");
        assertThat(state.download(file, repository)).asString().isEqualTo("content");
        String path = repository.fetched.getLast();
        assertThat(path).isEqualTo("dir/" + file.hashes().first() + ".file");
        for (String other : List.of("other!!", "short", "rather long content")) {
            repository.files.put(path, other.getBytes(StandardCharsets.UTF_8));
            assertThatThrownBy(() -> state.download(file, repository))
                    .isInstanceOf(TufException.class);
        }
        repository.files.remove(path);
        assertThatThrownBy(() -> state.download(file, repository))
                .hasMessageContaining("is missing");
        TargetFile huge = new TargetFile("huge", 1L << 40, file.hashes());
        assertThatThrownBy(() -> state.download(huge, repository))
                .hasMessageContaining("at most 16777216 are read");
    }
}
