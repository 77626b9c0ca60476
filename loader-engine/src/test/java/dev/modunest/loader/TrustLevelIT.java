package dev.modunest.loader;

import static org.assertj.core.api.Assertions.assertThat;

import dev.modunest.format.resolve.Plan;
import dev.modunest.format.trust.TrustLevel;
import dev.modunest.format.trust.testing.TrustFixture;
import dev.modunest.loader.testing.Recorder;
import dev.modunest.loader.testing.Reports;
import dev.modunest.loader.testing.TestPlugin;
import dev.modunest.loader.testing.TrustedRegistry;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/** Hosts that demand provenance, and more. */
class TrustLevelIT {

    private static final String PROVENANCE = ".provenance.sigstore.json";
    private static final String SECOND = ".second.sigstore.json";

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

    private void publishBuilt(TestPlugin plugin, boolean second, int witnesses) {
        registry.witnessed(witnesses);
        registry.publish(
                plugin,
                registry.fixture()
                        .built(
                                TrustedRegistry.statement(plugin),
                                TrustFixture.BUILDER,
                                second,
                                witnesses,
                                registry.clock().instant()));
    }

    private TrustOptionsBuilder host(TrustLevel minimum) throws IOException {
        return registry.trust(folder)
                .scope(new TrustOptions.Scope(TrustMode.STRICT, minimum))
                .builders(Set.of(TrustFixture.OIDC_ISSUER + "/builders/"))
                .witnesses(registry.fixture().log().witnessKeys(), 0);
    }

    private LoadReport load(TrustOptionsBuilder trust, TestPlugin plugin) throws Exception {
        try (PluginLoader loader =
                PluginLoader.open(registry.host(folder, trust.build()).build())) {
            return loader.load(new Plan(List.of(plugin.step())));
        }
    }

    private TrustLevel level(TrustOptionsBuilder trust) throws Exception {
        Outcome outcome = Reports.outcome(load(trust, tool), "acme/tool");
        assertThat(outcome).as("%s", outcome).isInstanceOf(Outcome.Loaded.class);
        return ((Outcome.Loaded) outcome).trust().level().orElseThrow();
    }

    private String code(TrustOptionsBuilder trust, TestPlugin plugin) throws Exception {
        return Reports.failed(load(trust, plugin), "acme/tool").code();
    }

    @Test
    void provenanceOfAKnownBuilderReachesThree() throws Exception {
        publishBuilt(tool, false, 2);
        assertThat(level(host(TrustLevel.PS_L3))).isEqualTo(TrustLevel.PS_L3);
    }

    @Test
    void provenanceASecondSignatureAndTwoWitnessesReachFour() throws Exception {
        publishBuilt(tool, true, 2);
        assertThat(level(host(TrustLevel.PS_L4))).isEqualTo(TrustLevel.PS_L4);
    }

    @Test
    void whatIsMissingForALevelIsRefusedWhereItIsDemanded() throws Exception {
        publishBuilt(tool, true, 1);
        assertThat(code(host(TrustLevel.PS_L4), tool)).isEqualTo("level-too-low");
        assertThat(code(host(TrustLevel.PS_L3).builders(Set.of()), tool))
                .isEqualTo("level-too-low");
        assertThat(code(host(TrustLevel.PS_L3).builders(Set.of("https://other.example/")), tool))
                .isEqualTo("level-too-low");
    }

    @Test
    void furtherBundlesAreFetchedWhereTheSummaryNamesThemAndKept() throws Exception {
        publishBuilt(tool, true, 2);
        assertThat(level(host(TrustLevel.PS_L4))).isEqualTo(TrustLevel.PS_L4);
        assertThat(level(host(TrustLevel.PS_L4))).isEqualTo(TrustLevel.PS_L4);
        assertThat(registry.requests(PROVENANCE)).hasSize(1);
        assertThat(registry.requests(SECOND)).hasSize(1);
        try (Stream<Path> kept = Files.walk(folder.resolve("cache"))) {
            List<Path> bundles = kept.filter(file -> file.toString().endsWith(PROVENANCE)).toList();
            assertThat(bundles).hasSize(1);
            Files.writeString(bundles.getFirst(), "{}");
        }
        assertThat(level(host(TrustLevel.PS_L4))).isEqualTo(TrustLevel.PS_L4);
        assertThat(registry.requests(PROVENANCE)).hasSize(2);

        TestPlugin plain = TestPlugin.recording("acme/plain@1.0.0");
        registry.publish(plain);
        assertThat(load(host(TrustLevel.PS_L2), plain).complete()).isTrue();
        assertThat(registry.requests("plain-1.0.0.jar" + PROVENANCE)).isEmpty();
    }

    @Test
    void provenanceIsNotLostUnnoticed() throws Exception {
        publishBuilt(tool, false, 0);
        assertThat(level(host(TrustLevel.PS_L2))).isEqualTo(TrustLevel.PS_L3);
        TestPlugin next = TestPlugin.recording("acme/tool@1.1.0");
        publishBuilt(next, false, 0);
        registry.files().remove(TrustedRegistry.path(next.coordinate()) + PROVENANCE);
        assertThat(code(host(TrustLevel.PS_L2), next)).isEqualTo("provenance-lost");
        LoadReport accepted =
                load(host(TrustLevel.PS_L2).accept(new TrustOptions.Acceptance(false, true)), next);
        assertThat(accepted.complete()).isTrue();
    }

    @Test
    void garbledProvenanceIsRefusedAndNotPassedOver() throws Exception {
        publishBuilt(tool, true, 2);
        registry.files()
                .put(
                        TrustedRegistry.path(tool.coordinate()) + PROVENANCE,
                        TrustedRegistry.bytes("{}"));
        assertThat(code(host(TrustLevel.PS_L2), tool)).isEqualTo("bundle-malformed");
    }
}
