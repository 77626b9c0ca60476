package dev.modunest.standalone;

import static org.assertj.core.api.Assertions.assertThat;

import dev.modunest.format.resolve.Requirement;
import dev.modunest.format.sign.KeyPairSigner;
import dev.modunest.format.sign.SignatureAlgorithm;
import dev.modunest.format.trust.TrustLevel;
import dev.modunest.format.trust.statement.Statement;
import dev.modunest.loader.LoadReport;
import dev.modunest.loader.LoaderOptions;
import dev.modunest.loader.Outcome;
import dev.modunest.loader.PluginLoader;
import dev.modunest.loader.TrustMode;
import dev.modunest.loader.TrustOptions;
import dev.modunest.server.RegistryServer;
import dev.modunest.server.ServerConfig;
import dev.modunest.settings.Secret;
import dev.modunest.settings.Settings;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** From a CI job to a host: what reaches the levels above a publisher's signature. */
class ProvenanceIT {

    private static final String AUDIENCE = "https://registry.example";
    private static final long PATIENCE = Duration.ofSeconds(60).toNanos();

    @TempDir private static Path data;
    private static Backends backends;
    private static TrialCi ci;
    private static TrialWitness first;
    private static TrialWitness second;
    private static RegistryServer registry;

    @TempDir private Path folder;

    @BeforeAll
    static void start() throws Exception {
        ci = new TrialCi();
        first = new TrialWitness("first.example/w");
        second = new TrialWitness("second.example/w");
        backends = Backends.start(data, line -> {});
        Map<String, String> settings = new HashMap<>(backends.settings(0));
        settings.put("MODUNEST_TOKENS_ISSUER", AUDIENCE);
        settings.put("MODUNEST_TRUSTED_GITHUB_ISSUER", ci.uri().toString());
        settings.put("MODUNEST_PUBLISH_BUILDERS", ci.uri() + "/octo/");
        settings.put("MODUNEST_WITNESSES_OF_FIRST_URL", first.uri().toString());
        settings.put("MODUNEST_WITNESSES_OF_FIRST_KEY", first.key().vkey());
        settings.put("MODUNEST_WITNESSES_OF_SECOND_URL", second.uri().toString());
        settings.put("MODUNEST_WITNESSES_OF_SECOND_KEY", second.key().vkey());
        settings.put("MODUNEST_WITNESSES_QUORUM", "2");
        registry =
                RegistryServer.start(Settings.read(ServerConfig.class, Optional.empty(), settings));
        PublisherCredential.claim(registry.uri(), owner(), "octo");
        try (HttpClient http = HttpClient.newHttpClient()) {
            HttpResponse<String> trusted =
                    http.send(
                            HttpRequest.newBuilder(
                                            uri("/api/v1/plugins/octo/tool/trusted-publishers"))
                                    .header("Authorization", "Bearer " + owner().value())
                                    .header("Content-Type", "application/json")
                                    .POST(HttpRequest.BodyPublishers.ofString(TrialCi.TRUSTED))
                                    .build(),
                            HttpResponse.BodyHandlers.ofString());
            assertThat(trusted.statusCode()).as(trusted.body()).isEqualTo(201);
        }
    }

    @AfterAll
    static void stop() {
        registry.close();
        backends.close();
        first.close();
        second.close();
        ci.close();
    }

    private static URI uri(String path) {
        return registry.uri().resolve(path);
    }

    private static Secret owner() {
        return new Secret(registry.firstToken().orElseThrow());
    }

    private PluginJar jar(String version) throws IOException {
        return SmallJar.write(folder, "octo/tool@" + version);
    }

    /** As {@code publish} does it in a CI job. */
    private static void publishFromJob(PluginJar jar) {
        Map<String, String> environment = ci.job(AUDIENCE);
        PublishTokens tokens = TrustedPublishing.find(environment, registry.uri()).orElseThrow();
        PublishBundles bundles =
                new ReadyBundles(
                        new JobBundles(
                                registry.uri(), tokens, environment, InstantSource.system()));
        try (PublishClient client =
                new PublishClient(registry.uri(), tokens, bundles, 1, followed -> {})) {
            PublishClient.Outcome outcome = client.publish(List.of(jar), each -> {}).getFirst();
            assertThat(outcome).isInstanceOf(PublishClient.Outcome.Published.class);
        }
    }

    private LoadReport load(String version, TrustLevel minimum) throws InterruptedException {
        TrustOptions trust =
                TrustOptions.pinnedOnFirstUse(folder.resolve("trust"))
                        .scope(new TrustOptions.Scope(TrustMode.STRICT, minimum))
                        .builders(Set.of(ci.uri() + "/octo/tool/.github/workflows/release.yml"))
                        .witnesses(List.of(first.key(), second.key()), 0)
                        .build();
        try (PluginLoader host =
                PluginLoader.open(
                        LoaderOptions.in(folder.resolve("cache"))
                                .registry(registry.uri())
                                .trust(trust)
                                .build())) {
            return host.load(List.of(Requirement.parse("octo/tool@" + version)));
        }
    }

    /** The signed index has a release a moment after its publish. */
    private Outcome outcome(String version, TrustLevel minimum) throws InterruptedException {
        long deadline = System.nanoTime() + PATIENCE;
        Outcome outcome = load(version, minimum).plugins().getFirst().outcome();
        while (outcome instanceof Outcome.Failed failed
                && failed.code().equals("release-unknown")
                && System.nanoTime() < deadline) {
            outcome = load(version, minimum).plugins().getFirst().outcome();
        }
        return outcome;
    }

    private static TrustLevel levelOf(Outcome outcome) {
        assertThat(outcome).as("%s", outcome).isInstanceOf(Outcome.Loaded.class);
        return ((Outcome.Loaded) outcome).trust().level().orElseThrow();
    }

    @Test
    void whatAJobPublishesIsAtThreeAndSignedTwiceItIsAtFour() throws Exception {
        publishFromJob(jar("1.0.0"));
        assertThat(levelOf(outcome("1.0.0", TrustLevel.PS_L3))).isEqualTo(TrustLevel.PS_L3);

        PluginJar reviewed = jar("1.1.0");
        PublisherCredential person =
                PublisherCredential.request(
                        registry.uri(),
                        owner(),
                        "octo",
                        new KeyPairSigner(KeyPairSigner.generate(SignatureAlgorithm.ECDSA_P256)));
        Files.write(ReadyBundles.Kind.SECOND.file(reviewed.file()), person.sign(reviewed).bytes());
        publishFromJob(reviewed);
        assertThat(levelOf(outcome("1.1.0", TrustLevel.PS_L4))).isEqualTo(TrustLevel.PS_L4);

        Commands verified =
                Commands.run(
                        "verify",
                        reviewed.file().toString(),
                        "--registry",
                        registry.uri().toString(),
                        "--home",
                        folder.resolve("home").toString(),
                        "--builder",
                        ci.uri() + "/octo",
                        "--witness",
                        first.key().vkey(),
                        "--witness",
                        second.key().vkey());
        assertThat(verified.out())
                .as(verified.err())
                .contains("provenance: built by " + ci.uri() + "/octo/tool", "Trusted: PS_L4");

        PluginJar lost = jar("1.2.0");
        PublishTokens token = _ -> owner();
        try (PublishClient client =
                new PublishClient(
                        registry.uri(),
                        token,
                        each -> List.of(person.sign(each)),
                        1,
                        followed -> {})) {
            assertThat(client.publish(List.of(lost), each -> {}).getFirst())
                    .isInstanceOf(PublishClient.Outcome.Published.class);
        }
        assertThat(outcome("1.2.0", TrustLevel.PS_L2))
                .isInstanceOfSatisfying(
                        Outcome.Failed.class,
                        failed -> assertThat(failed.code()).isEqualTo("provenance-lost"));
    }

    @Test
    void aJobSaysHowItBuilt() throws Exception {
        Map<String, String> environment = ci.job(AUDIENCE);
        JobBundles bundles =
                new JobBundles(
                        registry.uri(),
                        TrustedPublishing.find(environment, registry.uri()).orElseThrow(),
                        environment,
                        InstantSource.system());
        Statement built = Statement.parse(bundles.bundles(jar("9.0.0")).getLast().envelope());
        String workflow = ci.uri() + "/octo/tool/.github/workflows/release.yml@refs/heads/main";
        assertThat(built.predicate().at("/runDetails/builder/id").asText()).isEqualTo(workflow);
        assertThat(built.predicate().at("/buildDefinition/buildType").asText())
                .isEqualTo(JobProvenance.BUILD_TYPE);
        assertThat(built.predicate().at("/buildDefinition/resolvedDependencies/0/uri").asText())
                .isEqualTo("git+" + ci.uri() + "/octo/tool");
        assertThat(
                        built.predicate()
                                .at("/buildDefinition/resolvedDependencies/0/digest/gitCommit")
                                .asText())
                .isEqualTo("0".repeat(40));
    }
}
