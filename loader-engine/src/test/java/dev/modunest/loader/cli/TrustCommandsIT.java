package dev.modunest.loader.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;

import dev.modunest.format.Digest;
import dev.modunest.format.trust.testing.TrustFixture;
import dev.modunest.loader.testing.TestPlugin;
import dev.modunest.loader.testing.TrustedRegistry;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import picocli.CommandLine;
import picocli.CommandLine.Command;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Commands against a registry that signs. */
class TrustCommandsIT {

    private static final String SIGNER = "https://" + TrustFixture.REGISTRY + "/publishers/acme";

    @TempDir private Path folder;
    private String home = "";
    private TrustedRegistry registry;
    private final TestPlugin tool = TestPlugin.of("acme/tool@1.0.0");
    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    @Command(name = "host")
    private static final class Host {}

    @BeforeEach
    void open() throws IOException {
        home = String.valueOf(System.setProperty("user.home", folder.toString()));
        registry = new TrustedRegistry();
    }

    @AfterEach
    void close() {
        System.setProperty("user.home", home);
        registry.close();
    }

    private int run(String... arguments) {
        out.getBuffer().setLength(0);
        err.getBuffer().setLength(0);
        List<String> all = new ArrayList<>(List.of(arguments));
        all.addAll(List.of("--registry", registry.uri().toString()));
        CommandLine commandLine =
                new CommandLine(new Host())
                        .addSubcommand(new InstallCommand(registry.clock()))
                        .addSubcommand(new LoadCommand(registry.clock()))
                        .addSubcommand(new VerifyCommand(registry.clock()));
        CommandFaults.handleOn(commandLine);
        return commandLine
                .setOut(new PrintWriter(out))
                .setErr(new PrintWriter(err))
                .execute(all.toArray(String[]::new));
    }

    private String plugins() {
        return folder.resolve("plugins").toString();
    }

    private JsonNode json() throws IOException {
        return new JsonMapper().readTree(out.toString());
    }

    private Digest rootDigest() throws IOException {
        return Digest.ofBytes(Files.readAllBytes(registry.rootIn(folder)));
    }

    @Test
    void pinsInstallsLoadsAndTells() throws Exception {
        registry.publish(tool);
        assertThat(run("install", "acme/tool", "--into", plugins())).isZero();
        assertThat(err.toString())
                .contains("Pinned the trust root of " + registry.uri() + ": " + rootDigest());
        assertThat(run("load", plugins())).isZero();
        assertThat(out.toString()).contains("TRUST", "PS_L2 " + SIGNER);
        assertThat(err.toString()).doesNotContain("Pinned");
        assertThat(run("load", plugins(), "--json")).isZero();
        JsonNode trust = json().path("plugins").path(0).path("trust");
        assertThat(trust.path("mode").asText()).isEqualTo("strict");
        assertThat(trust.path("level").asText()).isEqualTo("PS_L2");
        assertThat(trust.path("signer").asText()).isEqualTo(SIGNER);
        assertThat(trust.path("signed_at").asText()).isEqualTo("2026-11-20T12:00:00Z");
    }

    @Test
    void refusesWhatNobodySignedAndSaysWhatToDo() throws Exception {
        registry.list(tool);
        assertThat(run("install", "acme/tool", "--into", plugins())).isOne();
        assertThat(err.toString())
                .contains("acme/tool@1.0.0: signature-missing", "modunest sign", "--trust audit");
        assertThat(run("install", "acme/tool", "--into", plugins(), "--trust", "audit")).isZero();
        assertThat(run("load", plugins(), "--trust", "audit")).isZero();
        assertThat(out.toString()).contains("unverified", "warning signature-missing");
        assertThat(run("load", plugins(), "--trust", "audit", "--json")).isZero();
        assertThat(json().at("/plugins/0/trust/warnings/0/code").asText())
                .isEqualTo("signature-missing");
        assertThat(run("load", plugins(), "--trust", "unverified")).isZero();
        assertThat(run("load", plugins(), "--trust", "skip")).isEqualTo(2);
    }

    @Test
    void provenanceAndASecondSignatureAreExplained() throws Exception {
        registry.publish(
                tool,
                registry.fixture()
                        .built(
                                TrustedRegistry.statement(tool),
                                TrustFixture.BUILDER,
                                true,
                                2,
                                TrustFixture.NOW));
        assertThat(run("install", "acme/tool", "--into", plugins())).isZero();
        String jar = tool.writeTo(folder).toString();
        List<String> asked = new ArrayList<>(List.of("verify", jar));
        asked.addAll(List.of("--builder", TrustFixture.OIDC_ISSUER + "/builders"));
        registry.fixture()
                .log()
                .witnessKeys()
                .forEach(key -> asked.addAll(List.of("--witness", key.vkey())));
        assertThat(run(asked.toArray(String[]::new))).isZero();
        assertThat(out.toString())
                .contains(
                        "provenance: built by " + TrustFixture.BUILDER,
                        "second signature: with the key ",
                        "Trusted: PS_L4");
        assertThat(run("verify", jar)).isZero();
        assertThat(out.toString())
                .contains("provenance that does not count: the builder", "Trusted: PS_L2");
        assertThat(run("verify", jar, "--witness", "nonsense")).isEqualTo(2);
        assertThat(run("verify", jar, "--builder", "")).isNotZero();
    }

    @Test
    void goesOnUnverifiedWhereTheRegistryHasNoRoot() {
        registry.list(tool);
        registry.files().remove("/tuf/1.root.json");
        assertThat(run("install", "acme/tool", "--into", plugins())).isZero();
        assertThat(err.toString()).contains("Unverified: the registry has no /tuf/1.root.json");
        assertThat(run("install", "acme/tool", "--into", plugins(), "--trust", "strict")).isOne();
        assertThat(err.toString()).contains("no-trust-root");
        assertThat(folder.resolve(".modunest/trust")).doesNotExist();
    }

    @Test
    void permissionsGrowWhenTheyAreAccepted() throws Exception {
        registry.publish(tool);
        assertThat(run("install", "acme/tool", "--into", plugins())).isZero();
        registry.publish(
                TestPlugin.of("acme/tool@1.1.0").permission("net.out:api.example.com:443"));
        String[] update = {"install", "--update", "--into", plugins()};
        assertThat(run(update)).isOne();
        assertThat(err.toString()).contains("capabilities-grown", "--accept-permissions");
        assertThat(run("install", "--update", "--into", plugins(), "--accept-permissions"))
                .isZero();
    }

    @Test
    void explainsWhatAFileProves() throws Exception {
        registry.publish(tool);
        Path jar = tool.writeTo(folder);
        String root = registry.rootIn(folder).toString();
        assertThat(run("verify", jar.toString(), "--trust-root", root)).isZero();
        assertThat(out.toString())
                .contains("acme/tool@1.0.0  " + tool.digest())
                .contains("ok   1  ", "ok   3  neither revoked nor quarantined")
                .contains("publisher: signed with ECDSA_P256")
                .contains("Trusted: PS_L2, signed by its publisher")
                .contains(", signed by " + SIGNER + " at or before 2026-11-20T12:00:00Z");
        assertThat(run("verify", jar.toString(), "--json")).isZero();
        assertThat(json().path("trusted").asBoolean()).isTrue();
        assertThat(json().path("facts").size()).isGreaterThan(10);
        assertThat(json().path("signer").asText()).isEqualTo(SIGNER);
    }

    @Test
    void takesEvidenceThatLiesBesideTheFile() throws Exception {
        registry.publish(tool);
        Path jar = tool.writeTo(folder);
        String served = TrustedRegistry.path(tool.coordinate());
        for (String suffix : List.of(".sigstore.json", ".vsa.sigstore.json", ".tlog-proof")) {
            byte[] evidence =
                    Optional.ofNullable(registry.files().remove(served + suffix)).orElseThrow();
            Files.write(jar.resolveSibling(jar.getFileName() + suffix), evidence);
        }
        assertThat(run("verify", jar.toString())).isZero();
    }

    @Test
    void saysWhyAFileIsRefused() throws Exception {
        registry.publish(tool);
        registry.revoke(tool, "malware");
        Path jar = tool.writeTo(folder);
        assertThat(run("verify", jar.toString())).isOne();
        assertThat(out.toString()).contains("NO      release-revoked: ", "malware", "Refused.");
        assertThat(run("verify", jar.toString(), "--json")).isOne();
        assertThat(json().at("/refusal/code").asText()).isEqualTo("release-revoked");
        Path text = Files.writeString(folder.resolve("no.jar"), "no jar");
        assertThat(run("verify", text.toString())).isOne();
        assertThat(out.toString()).contains("archive-refused");
        assertThat(run("verify", folder.resolve("absent.jar").toString())).isEqualTo(2);
        registry.close();
        registry.files().clear();
    }
}
