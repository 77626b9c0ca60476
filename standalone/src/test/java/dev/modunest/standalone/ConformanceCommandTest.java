package dev.modunest.standalone;

import static org.assertj.core.api.Assertions.assertThat;

import dev.modunest.format.trust.root.TrustedRoot;
import dev.modunest.format.trust.x509.PathRules;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;

class ConformanceCommandTest {

    @TempDir Path directory;

    @Test
    void answersLineByLine() {
        InputStream before = System.in;
        try {
            System.setIn(
                    new ByteArrayInputStream(
                            """
                            {"id":"a","validation_kind":"CLIENT"}

                            {"id":"b","validation_kind":"SERVER","peer_certificate":"x"}
                            """
                                    .getBytes(StandardCharsets.UTF_8)));
            Commands answered = Commands.run("conformance", "x509");
            assertThat(answered.exit()).isZero();
            assertThat(answered.out())
                    .contains("{\"id\":\"a\",\"actual_result\":\"SKIPPED\"")
                    .contains("{\"id\":\"b\",\"actual_result\":\"FAILURE\"");
            System.setIn(new ByteArrayInputStream("nothing".getBytes(StandardCharsets.UTF_8)));
            assertThat(Commands.run("conformance", "x509").exit()).isEqualTo(2);
        } finally {
            System.setIn(before);
        }
    }

    @Test
    void refusesBundlesThatAreNone() throws Exception {
        Path bundle = Files.writeString(directory.resolve("bundle.json"), "{}");
        Commands refused =
                Commands.run(
                        "conformance",
                        "sigstore",
                        "verify-bundle",
                        "--bundle",
                        bundle.toString(),
                        "--certificate-identity",
                        "a@example.org",
                        "--certificate-oidc-issuer",
                        "https://example.org",
                        "sha256:" + "0".repeat(64));
        assertThat(refused.exit()).isEqualTo(1);
        assertThat(refused.err()).contains("refused: bundle.mediaType");
    }

    @Test
    void theTrustRootThatIsBuiltInHasNoFault() throws Exception {
        try (InputStream built =
                ConformanceCommand.class.getResourceAsStream("sigstore-public-good.json")) {
            TrustedRoot root =
                    TrustedRoot.parse(
                            Objects.requireNonNull(built).readAllBytes(), PathRules.SIGSTORE);
            assertThat(root.authorities()).isNotEmpty().allMatch(ca -> ca.fault().isEmpty());
            assertThat(root.timeStampAuthorities()).isNotEmpty();
            assertThat(root.certificateLogs()).isNotEmpty();
        }
    }

    @Test
    void namesWhatIsMissing() {
        assertThat(Commands.run("conformance").exit()).isEqualTo(2);
        assertThat(Commands.run("conformance", "sigstore").exit()).isEqualTo(2);
    }
}
