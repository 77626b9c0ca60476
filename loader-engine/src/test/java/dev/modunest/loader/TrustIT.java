package dev.modunest.loader;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.modunest.format.Coordinate;
import dev.modunest.format.Digest;
import dev.modunest.format.PluginId;
import dev.modunest.format.Version;
import dev.modunest.format.resolve.Plan;
import dev.modunest.format.trust.TrustLevel;
import dev.modunest.format.trust.testing.TestAuthority;
import dev.modunest.format.trust.testing.TestLog;
import dev.modunest.format.trust.testing.TrustFixture;
import dev.modunest.format.trust.testing.TrustFixture.SummaryChange;
import dev.modunest.format.trust.x509.RevocationReason;
import dev.modunest.loader.testing.Recorder;
import dev.modunest.loader.testing.Reports;
import dev.modunest.loader.testing.TestPlugin;
import dev.modunest.loader.testing.TrustedRegistry;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** Hosts that verify what a registry serves. */
class TrustIT {

    private static final PluginId PLUGIN = PluginId.parse("acme/tool");

    @TempDir private Path folder;
    private TrustedRegistry registry;
    private final TestPlugin tool = TestPlugin.recording("acme/tool@1.0.0");

    @BeforeEach
    void open() throws IOException {
        Recorder.reset();
        registry = new TrustedRegistry();
    }

    @AfterEach
    void close() {
        registry.close();
    }

    private LoadReport load(TrustOptions trust, TestPlugin... plugins) throws Exception {
        try (PluginLoader loader = PluginLoader.open(registry.host(folder, trust).build())) {
            return loader.load(plan(plugins));
        }
    }

    private static Plan plan(TestPlugin... plugins) {
        return new Plan(Stream.of(plugins).map(plugin -> plugin.step()).toList());
    }

    private LoadReport load(TestPlugin... plugins) throws Exception {
        return load(registry.trust(folder).build(), plugins);
    }

    private static PluginTrust trustOf(LoadReport report) {
        Outcome outcome = Reports.outcome(report, "acme/tool");
        assertThat(outcome).as("%s", outcome).isInstanceOf(Outcome.Loaded.class);
        return ((Outcome.Loaded) outcome).trust();
    }

    private static List<String> warnings(LoadReport report) {
        return trustOf(report).warnings().stream().map(TrustWarning::code).toList();
    }

    private static String code(LoadReport report) {
        return Reports.failed(report, "acme/tool").code();
    }

    @Test
    void loadsWhatItsPublisherSigned() throws Exception {
        registry.publish(tool);
        PluginTrust trust = trustOf(load(tool));
        assertThat(trust.level()).contains(TrustLevel.PS_L2);
        assertThat(trust.signer())
                .contains("https://" + TrustFixture.REGISTRY + "/publishers/acme");
        assertThat(trust.signed()).contains(TrustFixture.NOW);
        assertThat(trust.warnings()).isEmpty();
        assertThat(trust.mode()).isEqualTo(TrustMode.STRICT);
    }

    @Test
    void asksOnceForAllPluginsAndKeepsEvidence() throws Exception {
        TestPlugin[] many = new TestPlugin[12];
        for (int i = 0; i < many.length; i++) {
            many[i] = TestPlugin.of("acme/p" + i + "@1.0.0");
            registry.publish(many[i]);
        }
        assertThat(load(many).complete()).isTrue();
        assertThat(registry.requests("timestamp.json")).hasSize(1);
        assertThat(registry.requests("i1.crl")).hasSize(1);
        assertThat(registry.requests(".tlog-proof")).hasSize(12);
        assertThat(load(many).complete()).isTrue();
        assertThat(registry.requests("timestamp.json")).hasSize(2);
        assertThat(registry.requests(".tlog-proof")).hasSize(12);
        assertThat(registry.requests("/tuf/targets/index")).hasSize(12);
    }

    /** Makes a registry serve something that must be refused. */
    @FunctionalInterface
    interface Sabotage {
        void on(TrustedRegistry registry, TestPlugin tool) throws Exception;
    }

    /** Demands something of a host. */
    @FunctionalInterface
    interface Demand {
        TrustOptionsBuilder of(TrustOptionsBuilder options, TrustedRegistry registry);
    }

    private static Arguments refused(String code, Sabotage sabotage) {
        return refused(code, sabotage, (options, _) -> options);
    }

    private static Arguments refused(String code, Sabotage sabotage, Demand demand) {
        return Arguments.of(code, sabotage, demand);
    }

    private static void garble(TrustedRegistry registry, TestPlugin tool, String suffix) {
        registry.files()
                .put(
                        TrustedRegistry.path(tool.coordinate()) + suffix,
                        TrustedRegistry.bytes("{\"no\":\"evidence\"}"));
    }

    private static void remove(TrustedRegistry registry, TestPlugin tool, String suffix) {
        registry.files().remove(TrustedRegistry.path(tool.coordinate()) + suffix);
    }

    private static TrustFixture.Release release(
            TrustedRegistry registry, TestPlugin tool, SummaryChange change) {
        TrustFixture fixture = registry.fixture();
        return fixture.release(
                fixture.publisher(), TrustedRegistry.statement(tool), change, TrustFixture.NOW);
    }

    static Stream<Arguments> refusals() {
        return Stream.of(
                refused(
                        "digest-mismatch",
                        (registry, tool) ->
                                registry.change(
                                        tool, "digest", Digest.ofBytes(new byte[1]).toString())),
                refused(
                        "release-unknown",
                        (registry, tool) -> registry.change(tool, "version", "9.9.9")),
                refused(
                        "metadata-malformed",
                        (registry, tool) -> registry.change(tool, "status", "fine")),
                refused(
                        "threshold",
                        (registry, _) ->
                                registry.files()
                                        .put(
                                                "/tuf/timestamp.json",
                                                TrustedRegistry.bytes(
                                                        "{\"signed\":{\"_type\":\"timestamp\"},"
                                                                + "\"signatures\":[]}"))),
                refused(
                        "metadata-stale",
                        (registry, _) -> registry.clock().advance(Duration.ofDays(3))),
                refused("release-revoked", (registry, tool) -> registry.revoke(tool, "malware")),
                refused(
                        "release-revoked",
                        (registry, tool) -> registry.change(tool, "status", "quarantined")),
                refused(
                        "release-revoked",
                        (registry, tool) -> registry.change(tool, "status", "deleted")),
                refused(
                        "version-too-low",
                        (_, _) -> {},
                        (options, _) -> options.minimumVersion(PLUGIN, Version.parse("1.0.1"))),
                refused(
                        "bundle-malformed",
                        (registry, tool) -> garble(registry, tool, ".sigstore.json")),
                refused(
                        "bundle-malformed",
                        (registry, tool) -> garble(registry, tool, ".vsa.sigstore.json")),
                refused("log-unproven", (registry, tool) -> garble(registry, tool, ".tlog-proof")),
                refused(
                        "signature-missing",
                        (registry, tool) -> remove(registry, tool, ".sigstore.json")),
                refused(
                        "vsa-missing",
                        (registry, tool) -> remove(registry, tool, ".vsa.sigstore.json")),
                refused("vsa-missing", (registry, tool) -> remove(registry, tool, ".tlog-proof")),
                refused(
                        "time-unproven",
                        (registry, tool) ->
                                registry.publish(
                                        tool,
                                        registry.fixture()
                                                .release(
                                                        registry.fixture().publisher(),
                                                        TrustedRegistry.statement(tool),
                                                        SummaryChange.none(),
                                                        TrustFixture.NOW.plusSeconds(3600)))),
                refused(
                        "chain-invalid",
                        (registry, _) ->
                                registry.revokeCertificates(
                                        new TestAuthority.Revoked(
                                                registry.fixture().publisher().certificate(),
                                                TrustFixture.NOW.minusSeconds(60),
                                                RevocationReason.KEY_COMPROMISE,
                                                Optional.empty()))),
                refused("chain-invalid", (registry, _) -> registry.files().remove("/pki/i1.crl")),
                refused(
                        "identity-mismatch",
                        (registry, tool) ->
                                registry.publish(
                                        tool,
                                        registry.fixture()
                                                .release(
                                                        registry.fixture()
                                                                .identity(
                                                                        "https://"
                                                                                + TrustFixture
                                                                                        .REGISTRY
                                                                                + "/publishers/evil"),
                                                        TrustedRegistry.statement(tool),
                                                        SummaryChange.none(),
                                                        TrustFixture.NOW))),
                refused(
                        "identity-mismatch",
                        (registry, _) ->
                                registry.owners(PLUGIN, List.of("https://elsewhere/publishers/x"))),
                refused(
                        "witnesses-missing",
                        (_, _) -> {},
                        (options, registry) ->
                                options.witnesses(registry.fixture().log().witnessKeys(), 2)),
                refused(
                        "subject-mismatch",
                        (registry, tool) ->
                                registry.publish(
                                        tool,
                                        registry.fixture()
                                                .release(
                                                        registry.fixture().publisher(),
                                                        TrustedRegistry.statement(
                                                                TestPlugin.of("acme/tool@1.0.1")),
                                                        SummaryChange.none(),
                                                        TrustFixture.NOW))),
                refused(
                        "vsa-failed",
                        (registry, tool) ->
                                registry.publish(
                                        tool,
                                        release(
                                                registry,
                                                tool,
                                                said ->
                                                        new dev.modunest.format.trust.statement
                                                                .VerificationSummary(
                                                                said.coordinate(),
                                                                said.artifact(),
                                                                said.verifier(),
                                                                said.time(),
                                                                said.policyUri(),
                                                                said.policy(),
                                                                said.inputs(),
                                                                false,
                                                                List.of("PS_L0"))))),
                refused(
                        "level-too-low",
                        (_, _) -> {},
                        (options, _) ->
                                options.namespace(
                                        "acme",
                                        new TrustOptions.Scope(
                                                TrustMode.STRICT, TrustLevel.PS_L3))),
                refused(
                        "release-too-new",
                        (_, _) -> {},
                        (options, _) -> options.minimumAge(Duration.ofDays(1))));
    }

    @ParameterizedTest(name = "{0} {index}")
    @MethodSource("refusals")
    void refusesByTheCodeOfTheStep(String code, Sabotage sabotage, Demand demand) throws Exception {
        registry.publish(tool);
        sabotage.on(registry, tool);
        TrustOptions trust = demand.of(registry.trust(folder), registry).build();
        LoadReport report = load(trust, tool);
        assertThat(code(report)).isEqualTo(code);
        assertThat(Recorder.events()).isEmpty();
    }

    private static final Set<String> ALWAYS =
            Set.of("digest-mismatch", "release-revoked", "vsa-failed");
    private static final Set<String> MISSING =
            Set.of("signature-missing", "vsa-missing", "level-too-low");

    @ParameterizedTest(name = "{0} {index}")
    @MethodSource("refusals")
    void auditRefusesWhatIsRevokedOrDamagedAndWarnsOfTheRest(
            String code, Sabotage sabotage, Demand demand) throws Exception {
        registry.publish(tool);
        sabotage.on(registry, tool);
        TrustOptions trust =
                demand.of(registry.trust(folder), registry)
                        .scope(TrustOptions.Scope.of(TrustMode.AUDIT))
                        .namespace(
                                "acme",
                                new TrustOptions.Scope(
                                        TrustMode.AUDIT,
                                        code.equals("level-too-low")
                                                ? TrustLevel.PS_L3
                                                : TrustLevel.PS_L2))
                        .build();
        LoadReport report = load(trust, tool);
        if (ALWAYS.contains(code)) {
            assertThat(code(report)).isEqualTo(code);
        } else {
            assertThat(warnings(report)).contains(code);
        }
    }

    @ParameterizedTest(name = "{0} {index}")
    @MethodSource("refusals")
    void permissiveWarnsOfWhatIsMissing(String code, Sabotage sabotage, Demand demand)
            throws Exception {
        registry.publish(tool);
        load(tool); // so that something is kept
        Recorder.reset();
        try (Stream<Path> kept = Files.walk(folder.resolve("cache"))) {
            for (Path file : kept.filter(Files::isRegularFile).toList()) {
                Files.delete(file);
            }
        }
        Files.deleteIfExists(folder.resolve("trust/plugins.json"));
        sabotage.on(registry, tool);
        TrustOptions trust =
                demand.of(registry.trust(folder), registry)
                        .scope(TrustOptions.Scope.of(TrustMode.PERMISSIVE))
                        .namespace(
                                "acme",
                                new TrustOptions.Scope(
                                        TrustMode.PERMISSIVE,
                                        code.equals("level-too-low")
                                                ? TrustLevel.PS_L3
                                                : TrustLevel.PS_L2))
                        .build();
        LoadReport report = load(trust, tool);
        if (MISSING.contains(code)) {
            assertThat(warnings(report)).contains(code);
        } else if (!code.equals("chain-invalid") && !code.equals("metadata-stale")) {
            assertThat(code(report)).isEqualTo(code);
        }
    }

    @Test
    void skipLooksAtDigestAndArchiveAlone() throws Exception {
        registry.list(tool).revoke(tool, "malware");
        TrustOptions trust =
                registry.trust(folder)
                        .namespace("acme", TrustOptions.Scope.of(TrustMode.SKIP))
                        .build();
        assertThat(trustOf(load(trust, tool))).isEqualTo(PluginTrust.UNVERIFIED);
        assertThat(registry.requests(".sigstore.json")).isEmpty();
    }

    @Test
    void takesPrivateNamespacesThatTheRepositoryDoesNotName() throws Exception {
        TestPlugin hidden = TestPlugin.recording("acme/hidden@1.0.0");
        registry.server().add(hidden);
        TrustFixture.Release release = release(registry, hidden, SummaryChange.none());
        String path = TrustedRegistry.path(hidden.coordinate());
        registry.files().put(path + ".sigstore.json", release.publisherBundle().bytes());
        registry.files().put(path + ".vsa.sigstore.json", release.summaryBundle().bytes());
        registry.files().put(path + ".tlog-proof", TrustedRegistry.bytes(release.logProof()));
        assertThat(Reports.failed(load(hidden), "acme/hidden").code()).isEqualTo("release-unknown");
        TrustOptions trust = registry.trust(folder).privateNamespaces(Set.of("acme")).build();
        assertThat(load(trust, hidden).complete()).isTrue();
        registry.revoke(hidden, "malware");
        assertThat(Reports.failed(load(trust, hidden), "acme/hidden").code())
                .isEqualTo("release-revoked");
    }

    @ParameterizedTest
    @CsvSource({
        "STRICT, 1, loaded",
        "STRICT, 47, loaded",
        "STRICT, 49, metadata-stale",
        "PERMISSIVE, 49, warned",
        "PERMISSIVE, 150, warned",
        "PERMISSIVE, 400, metadata-stale",
        "AUDIT, 400, warned"
    })
    void goesOnWithoutTheRegistryForTheGrace(TrustMode mode, int hours, String outcome)
            throws Exception {
        registry.publish(tool);
        assertThat(load(tool).complete()).isTrue();
        registry.close();
        registry.clock().advance(Duration.ofHours(hours));
        TrustOptions trust = registry.trust(folder).scope(TrustOptions.Scope.of(mode)).build();
        LoadReport report = load(trust, tool);
        switch (outcome) {
            case "loaded" -> assertThat(warnings(report)).isEmpty();
            case "warned" -> assertThat(warnings(report)).contains("metadata-stale");
            default -> assertThat(code(report)).isEqualTo(outcome);
        }
    }

    @Test
    void fetchesEvidenceAnewWhenWhatIsKeptDoesNotHold() throws Exception {
        registry.publish(tool);
        assertThat(load(tool).complete()).isTrue();
        try (Stream<Path> kept = Files.walk(folder.resolve("cache"))) {
            for (Path file :
                    kept.filter(one -> one.toString().endsWith(".sigstore.json")).toList()) {
                Files.writeString(file, "{}");
            }
        }
        assertThat(load(tool).complete()).isTrue();
        assertThat(registry.requests(".vsa.sigstore.json")).hasSize(2);
    }

    @Test
    void refusesALogThatForked() throws Exception {
        registry.publish(tool);
        for (int i = 0; i < 5; i++) {
            registry.fixture().log().append(new byte[] {(byte) i});
        }
        assertThat(load(tool).complete()).isTrue();
        TestLog other = registry.fixture().log().fork(1);
        for (int i = 0; i < 20; i++) {
            other.append(new byte[] {1, (byte) i});
        }
        registry.fixture().log(other);
        TestPlugin second = TestPlugin.recording("acme/tool@1.0.1");
        registry.publish(second);
        assertThat(code(load(second))).isEqualTo("log-forked");
        try (Stream<Path> evidence = Files.list(folder.resolve("trust/forks"))) {
            assertThat(evidence.findFirst().map(TrustIT::read).orElse(""))
                    .contains(TestLog.NAME + "\n8\n", TestLog.NAME + "\n23\n");
        }
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }

    @Test
    void refusesALogThatTookEntriesBack() throws Exception {
        registry.publish(tool);
        TestLog before = registry.fixture().log().fork(3);
        for (int i = 0; i < 300; i++) {
            registry.fixture().log().append(new byte[] {(byte) i});
        }
        assertThat(load(tool).complete()).isTrue();
        registry.fixture().log(before);
        assertThat(code(load(tool))).isEqualTo("log-forked");
    }

    @Test
    void followsALogThatGrows() throws Exception {
        registry.publish(tool);
        assertThat(load(tool).complete()).isTrue();
        for (int i = 0; i < 700; i++) {
            registry.fixture().log().append(new byte[] {(byte) i});
        }
        TestPlugin second = TestPlugin.recording("acme/tool@1.0.1");
        registry.publish(second);
        assertThat(load(second).complete()).isTrue();
        assertThat(load(tool).complete()).isTrue();
    }

    @Test
    void permissionsDoNotGrowUnnoticed() throws Exception {
        registry.publish(tool);
        assertThat(load(tool).complete()).isTrue();
        TestPlugin greedy =
                TestPlugin.recording("acme/tool@1.1.0").permission("net.out:evil.example.com:443");
        registry.publish(greedy);
        Outcome.Failed failed = Reports.failed(load(greedy), "acme/tool");
        assertThat(failed.code()).isEqualTo("capabilities-grown");
        assertThat(failed.reason()).contains("net.out:evil.example.com:443", "1.0.0");
        TrustOptions accepting =
                registry.trust(folder).accept(new TrustOptions.Acceptance(true, false)).build();
        assertThat(load(accepting, greedy).complete()).isTrue();
        assertThat(load(greedy).complete()).isTrue();
        assertThat(load(tool).complete()).isTrue();
        assertThat(load(greedy).complete()).isTrue();
    }

    @Test
    void signedCapabilitiesAreThoseOfTheManifest() throws Exception {
        TestPlugin greedy =
                TestPlugin.recording("acme/tool@1.1.0").permission("net.out:evil.example.com:443");
        var said = TrustedRegistry.statement(greedy);
        var less =
                new dev.modunest.format.trust.statement.ReleaseStatement(
                        said.coordinate(),
                        said.artifact(),
                        said.artifactSha512(),
                        said.manifest(),
                        List.of(),
                        Optional.empty());
        registry.publish(
                greedy,
                registry.fixture()
                        .release(
                                registry.fixture().publisher(),
                                less,
                                SummaryChange.none(),
                                TrustFixture.NOW));
        assertThat(code(load(greedy))).isEqualTo("subject-mismatch");
    }

    @Test
    void theLevelDoesNotFallUnnoticed() throws Exception {
        registry.publish(tool);
        assertThat(load(tool).complete()).isTrue();
        TestPlugin bare = TestPlugin.recording("acme/tool@1.1.0");
        registry.publish(bare);
        remove(registry, bare, ".sigstore.json");
        TrustOptionsBuilder low =
                registry.trust(folder)
                        .scope(new TrustOptions.Scope(TrustMode.STRICT, TrustLevel.PS_L1));
        assertThat(code(load(low.build(), bare))).isEqualTo("provenance-lost");
        TrustOptions accepting = low.accept(new TrustOptions.Acceptance(false, true)).build();
        assertThat(trustOf(load(accepting, bare)).level()).contains(TrustLevel.PS_L1);
    }

    @Test
    void takesTheOwnerThatTheIndexNames() throws Exception {
        registry.publish(tool);
        assertThat(load(tool).complete()).isTrue();
        String next = "https://" + TrustFixture.REGISTRY + "/publishers/next";
        TestPlugin second = TestPlugin.recording("acme/tool@1.1.0");
        registry.publish(
                second,
                registry.fixture()
                        .release(
                                registry.fixture().identity(next),
                                TrustedRegistry.statement(second),
                                SummaryChange.none(),
                                TrustFixture.NOW));
        assertThat(code(load(second))).isEqualTo("identity-mismatch");
        registry.owners(PLUGIN, List.of(next));
        assertThat(trustOf(load(second)).signer()).contains(next);
    }

    @Test
    void refusesAnotherSignerWhereNoIndexNamesIt() throws Exception {
        TrustOptions trust = registry.trust(folder).privateNamespaces(Set.of("acme")).build();
        registry.publish(tool);
        assertThat(load(trust, tool).complete()).isTrue();
        Path records = folder.resolve("trust/plugins.json");
        Files.writeString(
                records,
                Files.readString(records)
                        .replace("\"issuer\":\"https://", "\"issuer\":\"https://ci."));
        TestPlugin second = TestPlugin.recording("acme/tool@1.1.0");
        registry.publish(second);
        assertThat(code(load(trust, second))).isEqualTo("identity-changed");
    }

    @Test
    void damagedMemoryIsNotForgotten() throws Exception {
        registry.publish(tool);
        assertThat(load(tool).complete()).isTrue();
        Files.writeString(folder.resolve("trust/plugins.json"), "{");
        assertThatThrownBy(() -> load(tool))
                .isInstanceOfSatisfying(
                        LoaderException.class,
                        told -> assertThat(told.code()).isEqualTo("trust-state-unusable"));
    }

    /** Collects what is told. */
    private static final class Told implements TrustListener {
        private final BlockingQueue<String> lines = new LinkedBlockingQueue<>();

        @Override
        public void revoked(Coordinate plugin, TrustWarning why, List<Coordinate> stopped) {
            lines.add("revoked " + plugin + " " + why.code() + " " + stopped);
        }

        @Override
        public void refreshFailed(TrustWarning why) {
            lines.add("failed " + why.code());
        }

        @Override
        public void rootPinned(Digest root) {
            lines.add("pinned " + root);
        }

        @Override
        public void unverified(String reason) {
            lines.add("unverified");
            throw new IllegalStateException("listeners may throw");
        }

        String next() throws InterruptedException {
            return String.valueOf(lines.poll(30, TimeUnit.SECONDS));
        }
    }

    @ParameterizedTest
    @CsvSource({"REPORT, []", "STOP, '[acme/child@1.0.0, acme/tool@1.0.0]'"})
    void noticesARevocationWhilePluginsRun(TrustOptions.OnRevoked policy, String stopped)
            throws Exception {
        TestPlugin child = TestPlugin.recording("acme/child@1.0.0").requires("acme/tool", "^1");
        TestPlugin other = TestPlugin.recording("acme/other@1.0.0");
        registry.publish(tool).publish(child).publish(other);
        Told told = new Told();
        TrustOptions trust =
                registry.trust(folder)
                        .refresh(Duration.ofMillis(10))
                        .onRevoked(policy)
                        .listener(told)
                        .build();
        try (PluginLoader loader = PluginLoader.open(registry.host(folder, trust).build())) {
            var plan = new Plan(List.of(tool.step(), child.step(tool), other.step()));
            assertThat(loader.load(plan).complete()).isTrue();
            registry.revoke(tool, "malware");
            assertThat(told.next()).isEqualTo("revoked acme/tool@1.0.0 release-revoked " + stopped);
            List<String> left = new ArrayList<>();
            loader.plugins().forEach(plugin -> left.add(plugin.coordinate().plugin().name()));
            assertThat(left)
                    .containsExactlyInAnyOrderElementsOf(
                            policy == TrustOptions.OnRevoked.STOP
                                    ? List.of("other")
                                    : List.of("tool", "child", "other"));
            registry.close();
            assertThat(told.next()).startsWith("failed ");
        }
    }

    @Test
    void pinsTheRootOfTheFirstUse() throws Exception {
        registry.publish(tool);
        Told told = new Told();
        TrustOptions trust =
                TrustOptions.pinnedOnFirstUse(folder.resolve("trust"))
                        .clock(registry.clock())
                        .refresh(Duration.ZERO)
                        .listener(told)
                        .build();
        assertThat(load(trust, tool).complete()).isTrue();
        assertThat(told.next())
                .isEqualTo("pinned " + Digest.ofBytes(Files.readAllBytes(registry.rootIn(folder))));
        try (TrustedRegistry other = new TrustedRegistry()) {
            other.publish(tool);
            try (PluginLoader loader = PluginLoader.open(other.host(folder, trust).build())) {
                LoadReport report = loader.load(plan(tool));
                assertThat(Reports.failed(report, "acme/tool").code()).isEqualTo("threshold");
            }
        }
    }

    @Test
    void withoutARootItGoesOnOnlyWhereNoneIsRequired() throws Exception {
        registry.publish(tool);
        registry.files().remove("/tuf/1.root.json");
        Told told = new Told();
        TrustOptionsBuilder optional =
                TrustOptions.beginning(new TrustRoot.FirstUse(false), folder.resolve("trust"));
        assertThat(trustOf(load(optional.listener(told).build(), tool)))
                .isEqualTo(PluginTrust.UNVERIFIED);
        assertThat(told.next()).isEqualTo("unverified");
        TrustOptions required = TrustOptions.pinnedOnFirstUse(folder.resolve("trust")).build();
        TrustOptions absent = TrustOptions.rootedIn(folder.resolve("no"), folder).build();
        for (TrustOptions trust : List.of(required, absent)) {
            assertThatThrownBy(() -> load(trust, tool))
                    .isInstanceOfSatisfying(
                            LoaderException.class,
                            told2 -> assertThat(told2.code()).isEqualTo("no-trust-root"));
        }
    }
}
