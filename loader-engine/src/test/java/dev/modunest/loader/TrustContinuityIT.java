package dev.modunest.loader;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.modunest.format.PluginId;
import dev.modunest.format.trust.TrustLevel;
import dev.modunest.format.trust.testing.TrustFixture;
import dev.modunest.format.trust.testing.TrustFixture.SummaryChange;
import dev.modunest.loader.testing.Reports;
import dev.modunest.loader.testing.TestPlugin;
import dev.modunest.loader.testing.TrustedRegistry;

import org.junit.jupiter.api.Test;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** What a host remembers of plugins. */
class TrustContinuityIT extends TrustScenario {

    private static final PluginId PLUGIN = PluginId.parse("acme/tool");

    private static void remove(TrustedRegistry registry, TestPlugin tool, String suffix) {
        registry.files().remove(TrustedRegistry.path(tool.coordinate()) + suffix);
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
}
