package dev.modunest.loader;

import static org.assertj.core.api.Assertions.assertThat;

import dev.modunest.format.Digest;
import dev.modunest.format.PluginId;
import dev.modunest.format.Version;
import dev.modunest.format.trust.TrustLevel;
import dev.modunest.format.trust.statement.VerificationSummary;
import dev.modunest.format.trust.testing.TestAuthority;
import dev.modunest.format.trust.testing.TrustFixture;
import dev.modunest.format.trust.testing.TrustFixture.SummaryChange;
import dev.modunest.format.trust.x509.RevocationReason;
import dev.modunest.loader.testing.Recorder;
import dev.modunest.loader.testing.Reports;
import dev.modunest.loader.testing.TestPlugin;
import dev.modunest.loader.testing.TrustedRegistry;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/** Hosts that verify what a registry serves. */
class TrustIT extends TrustScenario {

    private static final PluginId PLUGIN = PluginId.parse("acme/tool");

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
                                                        new VerificationSummary(
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

    private void publishCheckedBy(TestPlugin plugin, Digest rules) {
        registry.publish(
                plugin,
                release(
                        registry,
                        plugin,
                        said ->
                                new VerificationSummary(
                                        said.coordinate(),
                                        said.artifact(),
                                        said.verifier(),
                                        said.time(),
                                        said.policyUri(),
                                        rules,
                                        said.inputs(),
                                        true,
                                        said.levels())));
    }

    @Test
    void rulesOfEarlierTimesAreThoseThatThePresentOnesOrTheHostName() throws Exception {
        publishCheckedBy(tool, TrustFixture.EARLIER_RULES);
        assertThat(load(tool).complete()).isTrue();
        TestPlugin next = TestPlugin.recording("acme/tool@1.0.1");
        Digest older = Digest.ofBytes(new byte[] {7});
        publishCheckedBy(next, older);
        assertThat(code(load(next))).isEqualTo("vsa-invalid");
        TrustOptions accepting = registry.trust(folder).rules(Set.of(older)).build();
        assertThat(load(accepting, next).complete()).isTrue();
    }

    @ParameterizedTest
    @CsvSource({"-1, chain-invalid", "1, loaded"})
    void aRevokedAuthoritySpoilsWhatIsSignedFromThatTimeOn(int seconds, String outcome)
            throws Exception {
        registry.publish(tool);
        registry.files()
                .put(
                        "/pki/root-r1.crl",
                        registry.fixture()
                                .rootAuthority()
                                .revokeDer(
                                        TrustFixture.NOW.minus(Duration.ofHours(1)),
                                        Duration.ofDays(1),
                                        1,
                                        List.of(
                                                new TestAuthority.Revoked(
                                                        registry.fixture().issuing().certificate(),
                                                        TrustFixture.NOW.minusSeconds(60),
                                                        RevocationReason.CA_COMPROMISE,
                                                        Optional.of(
                                                                TrustFixture.NOW.plusSeconds(
                                                                        seconds))))));
        LoadReport report = load(tool);
        if (outcome.equals("loaded")) {
            assertThat(report.complete()).isTrue();
        } else {
            assertThat(code(report)).isEqualTo(outcome);
        }
    }

    @Test
    void permissiveRefusesAnInvalidChain() throws Exception {
        registry.publish(tool)
                .revokeCertificates(
                        new TestAuthority.Revoked(
                                registry.fixture().publisher().certificate(),
                                TrustFixture.NOW.minusSeconds(60),
                                RevocationReason.KEY_COMPROMISE,
                                Optional.empty()));
        TrustOptions trust =
                registry.trust(folder).scope(TrustOptions.Scope.of(TrustMode.PERMISSIVE)).build();
        assertThat(code(load(trust, tool))).isEqualTo("chain-invalid");
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
}
