package dev.modunest.loader.trust;

import static org.assertj.core.api.Assertions.assertThat;

import dev.modunest.format.ArchiveLimits;
import dev.modunest.format.Inspection;
import dev.modunest.format.Manifest;
import dev.modunest.format.PluginArchive;
import dev.modunest.format.trust.json.Octets;
import dev.modunest.loader.LoaderOptions.FetchOptions;
import dev.modunest.loader.fetch.Evidence;
import dev.modunest.loader.fetch.HttpTransport;
import dev.modunest.loader.testing.TestPlugin;
import dev.modunest.loader.testing.TrustedRegistry;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/** No byte of the evidence can be changed so that more is proven than was. */
class EvidenceMutationIT {

    private static final int STEP = 61;

    @TempDir private Path folder;
    private final TestPlugin tool = TestPlugin.of("acme/tool@1.0.0");

    private static Octets octets(TrustedRegistry registry, TestPlugin plugin, String suffix) {
        return Octets.of(
                Optional.ofNullable(
                                registry.files()
                                        .get(TrustedRegistry.path(plugin.coordinate()) + suffix))
                        .orElseThrow());
    }

    private Manifest manifest() throws IOException {
        return switch (PluginArchive.inspect(
                new ByteArrayInputStream(tool.jar()), ArchiveLimits.DEFAULT)) {
            case Inspection.Accepted accepted -> accepted.manifest();
            case Inspection.Refused refused -> throw new IllegalStateException(refused.toString());
        };
    }

    @Test
    void refusesEveryMutation() throws Exception {
        FetchOptions fetch =
                new FetchOptions(
                        Duration.ofSeconds(5), Duration.ofSeconds(5), Duration.ofSeconds(5), 1, 1);
        try (TrustedRegistry registry = new TrustedRegistry();
                HttpTransport transport = new HttpTransport(fetch, Thread::sleep)) {
            registry.publish(tool);
            ReleaseTrust trust =
                    new Trust(registry.trust(folder).build(), transport)
                            .refresh(Optional.of(registry.uri()));
            Octets publisher = octets(registry, tool, ".sigstore.json");
            Octets summary = octets(registry, tool, ".vsa.sigstore.json");
            Octets proof = octets(registry, tool, ".tlog-proof");
            assertThat(isTrusted(trust, publisher, summary, proof)).isTrue();
            int mutants = 0;
            for (int at = 0; at < publisher.bytes().length; at += STEP, mutants++) {
                assertThat(isTrusted(trust, mutant(publisher, at), summary, proof)).isFalse();
            }
            for (int at = 0; at < summary.bytes().length; at += STEP, mutants++) {
                assertThat(isTrusted(trust, publisher, mutant(summary, at), proof)).isFalse();
            }
            int signatures = proof.bytes().length;
            for (int at = 0; at < signatures; at += STEP, mutants++) {
                assertThat(isTrusted(trust, publisher, summary, mutant(proof, at)))
                        .as("byte %d of %s", at, text(proof))
                        .isFalse();
            }
            assertThat(mutants).isGreaterThan(200);
        }
    }

    private static String text(Octets octets) {
        return new String(octets.bytes(), StandardCharsets.UTF_8);
    }

    /** Another character that base64, JSON and numbers all know. */
    private static Octets mutant(Octets original, int at) {
        byte[] bytes = original.bytes();
        bytes[at] = (byte) (bytes[at] == '7' ? '8' : '7');
        return Octets.of(bytes);
    }

    private boolean isTrusted(ReleaseTrust trust, Octets publisher, Octets summary, Octets proof)
            throws IOException {
        ReleaseTrust.ReleaseCheck check = trust.check(tool.coordinate(), tool.digest());
        try {
            check.screen();
            check.decide(
                    manifest(),
                    new Evidence(
                            Optional.of(publisher),
                            Optional.of(summary),
                            Optional.of(proof),
                            Optional.empty(),
                            Optional.empty(),
                            false,
                            Optional.empty()));
            return true;
        } catch (TrustException refused) {
            assertThat(refused.code()).matches("[a-z-]+");
            return false;
        }
    }
}
