package dev.modunest.standalone;

import static org.assertj.core.api.Assertions.assertThat;

import dev.modunest.format.Coordinate;
import dev.modunest.format.Digest;
import dev.modunest.format.Manifest;
import dev.modunest.format.sign.VerifyingKey;
import dev.modunest.format.trust.bundle.ReleaseBundle;
import dev.modunest.format.trust.stamp.TimeStampToken;
import dev.modunest.format.trust.statement.BuildProvenance;
import dev.modunest.format.trust.statement.ReleaseStatement;
import dev.modunest.format.trust.statement.Statement;
import dev.modunest.server.key.Pem;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/** keygen, cert and sign, and the same by openssl alone. */
class SigningCommandsIT {

    private static final Coordinate RELEASE = Coordinate.parse("acme/tool@1.0.0");

    @TempDir private Path home;

    private TrialAuthority registry;
    private Path jar;
    private Path token;
    private String formerHome = "";

    @BeforeEach
    void start() throws IOException {
        formerHome = System.getProperty("user.home");
        System.setProperty("user.home", home.toString());
        registry = new TrialAuthority(home.resolve("trust"));
        jar = generated();
        token = Files.writeString(home.resolve("token"), "secret");
    }

    @AfterEach
    void stop() {
        registry.close();
        System.setProperty("user.home", formerHome);
    }

    private Path generated() throws IOException {
        Path file = home.resolve("tool-1.0.0.jar");
        try (ZipOutputStream zip = new ZipOutputStream(Files.newOutputStream(file))) {
            zip.putNextEntry(new ZipEntry(Manifest.PATH));
            zip.write(
                    """
                    {"manifest_version": 1, "namespace": "acme", "name": "tool", "version": "1.0.0", "kind": "library",
                     "title": "Tool", "categories": ["text"], "license": "Apache-2.0", "requires": []}
                    """
                            .getBytes(StandardCharsets.UTF_8));
            zip.closeEntry();
        }
        return file;
    }

    private Commands cert(String... arguments) {
        String[] all = java.util.Arrays.copyOf(arguments, arguments.length + 4);
        all[arguments.length] = "--registry";
        all[arguments.length + 1] = registry.uri().toString();
        all[arguments.length + 2] = "--token-file";
        all[arguments.length + 3] = token.toString();
        return Commands.run(all);
    }

    private ReleaseBundle bundle() throws IOException {
        return ReleaseBundle.parse(Files.readAllBytes(Path.of(jar + ".sigstore.json")));
    }

    private void assertSigned(ReleaseBundle bundle) throws IOException {
        assertThat(
                        bundle.envelope()
                                .isSignedBy(VerifyingKey.ofSpki(bundle.certificate().key().spki())))
                .isTrue();
        ReleaseStatement statement = ReleaseStatement.of(Statement.parse(bundle.envelope()));
        assertThat(statement.coordinate()).isEqualTo(RELEASE);
        assertThat(statement.artifact()).isEqualTo(Digest.ofBytes(Files.readAllBytes(jar)));
        assertThat(
                        bundle.certificate()
                                .isSignedBy(
                                        registry.trust()
                                                .issuing()
                                                .authority()
                                                .certificate()
                                                .getPublicKey()))
                .isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"p256", "ed25519"})
    void aReleaseIsSignedByACertifiedKeyAndStamped(String type) throws IOException {
        Commands key = Commands.run("keygen", "--type", type);
        assertThat(key.exit()).as(key.err()).isZero();
        Path file = home.resolve(".modunest/keys/signing.pem");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                .isEqualTo("rw-------");
        Commands certified = cert("cert", "request", "acme");
        assertThat(certified.exit()).as(certified.err()).isZero();
        assertThat(home.resolve(".modunest/certificates/acme.pem"))
                .content()
                .containsPattern("(?s)BEGIN CERTIFICATE.*BEGIN CERTIFICATE");

        Commands signed =
                Commands.run("sign", jar.toString(), "--registry", registry.uri().toString());

        assertThat(signed.exit()).as(signed.err()).isZero();
        ReleaseBundle bundle = bundle();
        assertSigned(bundle);
        assertThat(signed.out()).contains(bundle.publisherDigest().toString());
        assertThat(
                        TimeStampToken.parse(bundle.timeStamps().getFirst().bytes())
                                .faultOver(bundle.envelope().signature()))
                .isEmpty();
        assertThat(Commands.run("keygen").err()).contains("is there already");
    }

    @Test
    void aSecondSignatureAndProvenanceAreBundlesOfTheirOwn() throws IOException {
        assertThat(Commands.run("keygen").exit()).isZero();
        assertThat(cert("cert", "request", "acme").exit()).isZero();
        assertThat(Commands.run("sign", "--second", jar.toString()).exit()).isZero();
        assertSigned(
                ReleaseBundle.parse(Files.readAllBytes(Path.of(jar + ".second.sigstore.json"))));

        Path predicate = home.resolve("predicate.json");
        Files.writeString(
                predicate,
                """
                {"buildDefinition": {"buildType": "https://ci.example/t", "externalParameters": {}},
                 "runDetails": {"builder": {"id": "https://ci.example/builder"}}}
                """);
        String[] sign = {"sign", "--provenance", predicate.toString(), jar.toString()};
        assertThat(Commands.run(sign).exit()).isZero();
        BuildProvenance built =
                BuildProvenance.of(
                        Statement.parse(
                                ReleaseBundle.parse(
                                                Files.readAllBytes(
                                                        Path.of(jar + ".provenance.sigstore.json")))
                                        .envelope()));
        assertThat(built.artifact()).isEqualTo(Digest.ofBytes(Files.readAllBytes(jar)));
        assertThat(built.builder()).isEqualTo("https://ci.example/builder");

        Files.writeString(predicate, "{}");
        assertThat(Commands.run(sign).err()).contains("is no predicate of SLSA provenance v1");
        assertThat(
                        Commands.run(
                                        "sign",
                                        "--second",
                                        "--provenance",
                                        predicate.toString(),
                                        jar.toString())
                                .exit())
                .isEqualTo(2);
        assertThat(Path.of(jar + ".sigstore.json")).doesNotExist();
    }

    @Test
    void aPkcs12IsSignedWithByItsPassphrase() throws IOException {
        Path pass = home.resolve("pass");
        Files.writeString(pass, "correct horse");
        Files.setPosixFilePermissions(pass, PosixFilePermissions.fromString("rw-------"));
        String file = home.resolve("mine.p12").toString();
        assertThat(Commands.run("keygen", "--format", "pkcs12").err())
                .contains("needs a passphrase");
        assertThat(
                        Commands.run(
                                        "keygen",
                                        "--format",
                                        "pkcs12",
                                        "--out",
                                        file,
                                        "--passphrase-file",
                                        pass.toString())
                                .exit())
                .isZero();
        String[] key = {"--key", file + "#signing", "--passphrase-file", pass.toString()};
        assertThat(cert("cert", "request", "acme", key[0], key[1], key[2], key[3]).exit()).isZero();

        Commands signed = Commands.run("sign", jar.toString(), key[0], key[1], key[2], key[3]);

        assertThat(signed.exit()).as(signed.err()).isZero();
        assertSigned(bundle());
        assertThat(bundle().timeStamps()).isEmpty();
    }

    @Test
    void whatIsMissingIsNamedWithItsCommand() throws IOException {
        assertThat(Commands.run("sign", "none.jar").exit()).isEqualTo(2);
        assertThat(Commands.run("sign", jar.toString()).err()).contains("./modunest keygen");
        assertThat(Commands.run("keygen").exit()).isZero();
        assertThat(Commands.run("sign", jar.toString()).err())
                .contains("./modunest cert request acme");
        registry.demandFreshSignIn();
        assertThat(cert("cert", "request", "acme").err()).contains("./modunest login");
        assertThat(Commands.run("cert").exit()).isEqualTo(2);
        Path other = home.resolve("other.pem");
        Files.writeString(other, Pem.text(registry.trust().root()));
        assertThat(Commands.run("sign", jar.toString(), "--certificate", other.toString()).err())
                .contains("is not of the key");
        Files.writeString(other, "nothing");
        assertThat(Commands.run("sign", jar.toString(), "--certificate", other.toString()).err())
                .contains("has no certificate");
        assertThat(Commands.run("keygen", "--passphrase-env", "A", "--passphrase-file", "B").exit())
                .isEqualTo(2);
        assertThat(Commands.run("keygen", "--ask-passphrase", "--out", "x").exit()).isEqualTo(2);
    }

    @Test
    void certificatesAreListedAndTakenBack() {
        Commands listed = cert("cert", "list", "acme");
        Commands revoked =
                cert(
                        "cert",
                        "revoke",
                        "acme",
                        "4f2a",
                        "--reason",
                        "key-compromise",
                        "--since",
                        "2026-11-20T00:00:00Z");

        assertThat(listed.out()).contains("4f2a  keyed", "by alice", "revoked superseded");
        assertThat(cert("cert", "list", "acme", "--json").out()).contains("{\"certificates\":");
        assertThat(revoked.out()).contains("revoked  4f2a");
        assertThat(registry.requests())
                .contains(
                        "POST /api/v1/namespaces/acme/certificates/4f2a/revocation",
                        "{\"reason\":\"key-compromise\",\"invalidity_date\":\"2026-11-20T00:00:00Z\"}");
    }

    /** The commands of a step of the document. */
    private static String recipe(String step) throws IOException {
        Matcher block =
                Pattern.compile("(?s)```sh step=" + step + "\n(.*?)```")
                        .matcher(Files.readString(Path.of("../docs/format/signing-by-openssl.md")));
        assertThat(block.find()).isTrue();
        return block.group(1);
    }

    private void shell(String script) throws IOException, InterruptedException {
        Path log = home.resolve("log");
        ProcessBuilder shell =
                new ProcessBuilder("bash", "-euc", script)
                        .directory(home.toFile())
                        .redirectErrorStream(true)
                        .redirectOutput(log.toFile());
        shell.environment()
                .putAll(
                        Map.of(
                                "JAR",
                                jar.toString(),
                                "NAMESPACE",
                                "acme",
                                "NAME",
                                "tool",
                                "VERSION",
                                "1.0.0",
                                "CAPABILITIES",
                                "[]"));
        assertThat(shell.start().waitFor()).as(Files.readString(log)).isZero();
    }

    @Test
    void theRecipeOfTheDocumentSignsByOpensslAlone() throws Exception {
        Assumptions.assumeTrue(
                Files.isExecutable(Path.of("/usr/bin/openssl"))
                        && Files.isExecutable(Path.of("/usr/bin/unzip")));
        shell(recipe("key"));
        Files.writeString(
                home.resolve("certificate.pem"),
                Pem.text(registry.certify(Files.readAllBytes(home.resolve("request.pem")), "acme")),
                StandardCharsets.US_ASCII);
        Files.writeString(home.resolve("root.pem"), Pem.text(registry.trust().root()));
        Files.writeString(
                home.resolve("issuing.pem"),
                Pem.text(registry.trust().issuing().authority().certificate()));

        shell(recipe("sign"));
        shell(recipe("verify"));

        assertSigned(bundle());
    }
}
