package dev.modunest.standalone;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;

import dev.modunest.format.Coordinate;
import dev.modunest.format.Digest;
import dev.modunest.format.trust.bundle.ReleaseBundle;
import dev.modunest.server.key.KeyLocation;
import dev.modunest.server.key.KeyStorage;
import dev.modunest.server.key.Passphrase;
import dev.modunest.server.key.Pem;
import dev.modunest.server.trust.TrustDirectory;
import dev.modunest.server.x509.CertificateProfile;
import dev.modunest.settings.Secret;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;

/** {@code publish} of a newcomer to the registry of {@code up}: with a key, and without. */
class SignedPublishIT {

    private static final AtomicInteger NAMES = new AtomicInteger();

    @TempDir private static Path data;
    private static Platform platform;

    @TempDir private Path folder;
    private TrialHome home;
    private String namespace = "";

    @BeforeAll
    static void start() {
        platform = Platform.start(data, 0, 0, line -> {});
    }

    @AfterAll
    static void stop() {
        platform.close();
    }

    @BeforeEach
    void enter() {
        home = TrialHome.at(folder, platform);
        namespace = "team" + NAMES.incrementAndGet();
    }

    @AfterEach
    void leave() {
        home.close();
    }

    private PluginJar jar(String version) throws IOException {
        return SmallJar.write(folder, namespace + "/tool@" + version);
    }

    private void certify() {
        assertThat(Commands.run("keygen").exit()).isZero();
        Commands certified = home.run("cert", "request", namespace, "--claim");
        assertThat(certified.exit()).as(certified.err()).isZero();
    }

    private String identity() {
        return "https://localhost/publishers/" + namespace;
    }

    private HttpResponse<byte[]> served(Coordinate release) throws Exception {
        String path =
                "/artifacts/"
                        + release.plugin()
                        + "/"
                        + release.version()
                        + "/"
                        + release.fileName()
                        + ".sigstore.json";
        try (HttpClient http = HttpClient.newHttpClient()) {
            return http.send(
                    HttpRequest.newBuilder(platform.edge().resolve(path)).build(),
                    HttpResponse.BodyHandlers.ofByteArray());
        }
    }

    private void assertRefused(PluginJar jar, String because, String... options) throws Exception {
        String[] arguments = new String[options.length + 2];
        arguments[0] = "publish";
        arguments[1] = jar.file().toString();
        System.arraycopy(options, 0, arguments, 2, options.length);
        Commands published = home.run(arguments);
        assertThat(published.exit()).as(published.out() + published.err()).isEqualTo(1);
        assertThat(published.out()).contains(because);
        assertThat(served(jar.coordinate()).statusCode()).isEqualTo(404);
    }

    @Test
    void withAKeyEachReleaseIsSignedAndTheOutputTellsByWhom() throws Exception {
        certify();

        Commands text = home.run("publish", jar("1.0.0").file().toString());
        Commands json = home.run("publish", "--json", jar("1.1.0").file().toString());

        assertThat(text.exit()).as(text.out()).isZero();
        assertThat(text.out()).startsWith("published ").contains("signed by " + identity());
        JsonNode line = new ObjectMapper().readTree(json.out());
        assertThat(line.path("signed").asBoolean()).isTrue();
        assertThat(line.path("signer").asText()).isEqualTo(identity());
        ReleaseBundle bundle = ReleaseBundle.parse(served(jar("1.1.0").coordinate()).body());
        assertThat(bundle.publisherDigest()).hasToString(line.path("bundle").asText());
        assertThat(bundle.logged()).isPresent();
        assertThat(home.run("publish", jar("1.1.0").file().toString()).out())
                .startsWith("unchanged");
    }

    @Test
    void withoutAKeyOrWhenToldSoNothingIsSigned() throws Exception {
        PluginJar first = jar("1.0.0");
        Commands without = home.run("publish", first.file().toString());
        assertThat(without.exit()).as(without.out()).isZero();
        assertThat(without.out()).endsWith("unsigned\n");
        assertThat(served(first.coordinate()).statusCode()).isEqualTo(404);

        certify();
        PluginJar second = jar("2.0.0");
        Commands told = home.run("publish", "--json", "--unsigned", second.file().toString());
        assertThat(told.out()).contains("\"signed\":false").doesNotContain("signer");
        Commands both =
                home.run(
                        "publish",
                        "--unsigned",
                        "--key",
                        home.key().toString(),
                        second.file().toString());
        assertThat(both.exit()).isEqualTo(2);
    }

    @Test
    void aBundleBesideTheJarIsSentInsteadOfAnotherSignature() throws Exception {
        certify();
        PluginJar jar = jar("1.0.0");
        assertThat(Commands.run("sign", jar.file().toString()).exit()).isZero();
        ReleaseBundle made =
                ReleaseBundle.parse(
                        Files.readAllBytes(ReadyBundles.Kind.PUBLISHER.file(jar.file())));
        Files.delete(home.key());

        Commands published = home.run("publish", jar.file().toString());

        assertThat(published.exit()).as(published.out()).isZero();
        assertThat(published.out()).contains("signed by " + identity());
        assertThat(ReleaseBundle.parse(served(jar.coordinate()).body()).publisherDigest())
                .isEqualTo(made.publisherDigest());
    }

    @Test
    void aBundleOfOtherBytesIsNotSent() throws Exception {
        certify();
        PluginJar jar = jar("1.0.0");
        assertThat(Commands.run("sign", jar.file().toString()).exit()).isZero();
        PluginJar changed = SmallJar.write(folder, namespace + "/tool@1.0.0", "more");

        assertRefused(changed, "is of other bytes than");
        Files.writeString(ReadyBundles.Kind.PUBLISHER.file(jar.file()), "{}");
        assertRefused(changed, "is no bundle of a release");
    }

    @Test
    void furtherBundlesNeedASignatureAndAreHeldAgainstTheJar() throws Exception {
        PluginJar jar = jar("1.0.0");
        Path second = ReadyBundles.Kind.SECOND.file(jar.file());
        Files.writeString(second, "{}");
        assertRefused(jar, "needs a release that is signed");
        certify();
        assertRefused(jar, "is no bundle of a release");
        PluginJar other = SmallJar.write(folder, namespace + "/tool@2.0.0");
        assertThat(Commands.run("sign", "--second", other.file().toString()).exit()).isZero();
        Files.move(
                ReadyBundles.Kind.SECOND.file(other.file()),
                second,
                java.nio.file.StandardCopyOption.REPLACE_EXISTING);
        assertRefused(jar, "is of other bytes than");
    }

    @Test
    void aCertificateThatIsMissingOrOverIsNamedWithItsCommand() throws Exception {
        assertThat(Commands.run("keygen").exit()).isZero();
        PluginJar jar = jar("1.0.0");
        String fix = "./modunest cert request " + namespace;
        assertRefused(jar, fix);

        expired();
        assertRefused(jar, fix);
        assertThat(home.run("publish", jar.file().toString()).out())
                .contains("is not valid now")
                .startsWith("failed ");
        assertRefused(jar, "./modunest keygen", "--key", folder.resolve("none.pem").toString());
    }

    private void expired() throws Exception {
        TrustDirectory trust =
                TrustDirectory.open(platform.trust(), "localhost", Map.of(), Instant.now());
        Files.createDirectories(home.certificate(namespace).getParent());
        Files.writeString(
                home.certificate(namespace),
                Pem.text(
                        CertificateProfile.publisher(
                                trust.names(),
                                trust.issuing().id(),
                                namespace,
                                new KeyStorage(Map.of())
                                        .open(
                                                new KeyLocation.PemFile(home.key()),
                                                new Passphrase.None())
                                        .key(),
                                Optional.empty(),
                                trust.issuing().authority(),
                                Instant.now().minus(Duration.ofDays(3)),
                                Duration.ofDays(1))));
    }

    @Test
    void aCertificateOfAnotherNamespaceIsRefusedByTheRegistry() throws Exception {
        certify();
        String certificate = home.certificate(namespace).toString();
        namespace = namespace + "-other";

        assertRefused(jar("1.0.0"), "signature-refused", "--certificate", certificate);
    }

    @Test
    void aPkcs12WhereKeygenLeavesItIsUsedByItsPassphrase() throws Exception {
        Path pass = folder.resolve("pass");
        Files.writeString(pass, "correct horse");
        Files.setPosixFilePermissions(
                pass, java.nio.file.attribute.PosixFilePermissions.fromString("rw-------"));
        String[] made = {"keygen", "--format", "pkcs12", "--passphrase-file", pass.toString()};
        assertThat(Commands.run(made).exit()).isZero();
        assertThat(
                        home.run(
                                        "cert",
                                        "request",
                                        namespace,
                                        "--claim",
                                        "--passphrase-file",
                                        pass.toString())
                                .exit())
                .isZero();

        PluginJar jar = jar("1.0.0");
        assertRefused(jar, "is encrypted");
        Commands published =
                home.run("publish", "--passphrase-file", pass.toString(), jar.file().toString());
        assertThat(published.out()).contains("signed by " + identity());
    }

    @Test
    void aNamespaceOfOthersIsNeitherClaimedNorCertified() {
        assertThat(Commands.run("keygen").exit()).isZero();
        Commands own = home.run("cert", "request", namespace);
        assertThat(own.exit()).isEqualTo(1);
        assertThat(home.run("cert", "request", "Not A Name", "--claim").exit()).isNotZero();
    }

    @Test
    void aJobSignsWithAKeyOfItsOwnAndAsksOnceForItsCertificate() throws Exception {
        Secret token = new Secret(Files.readString(platform.tokenFile()).strip());
        PublisherCredential.claim(platform.origin(), token, namespace);
        AtomicInteger asked = new AtomicInteger();
        PublishTokens tokens =
                plugin -> {
                    asked.incrementAndGet();
                    return token;
                };
        PublishBundles bundles =
                new JobBundles(platform.origin(), tokens, Map.of(), InstantSource.system());

        ReleaseBundle first = bundles.bundles(jar("1.0.0")).getFirst();
        ReleaseBundle second = bundles.bundles(jar("1.1.0")).getFirst();
        PublishBundles late =
                new JobBundles(
                        platform.origin(),
                        tokens,
                        Map.of(),
                        () -> Instant.now().plus(Duration.ofDays(60)));
        assertThat(late.bundles(jar("1.0.0"))).hasSize(1);
        assertThat(late.bundles(jar("1.0.0"))).hasSize(1);

        assertThat(second.certificate()).isEqualTo(first.certificate());
        assertThat(asked).as("one for all, and one each when half of it is over").hasValue(3);
        assertThat(first.publisherDigest()).isNotEqualTo(Digest.ofBytes(new byte[0]));
        try (PublishClient client =
                new PublishClient(platform.origin(), tokens, bundles, 1, followed -> {})) {
            PublishClient.Outcome outcome =
                    client.publish(java.util.List.of(jar("1.2.0")), each -> {}).getFirst();
            assertThat(PublishCommand.toText(outcome)).contains("signed by " + identity());
        }
    }
}
