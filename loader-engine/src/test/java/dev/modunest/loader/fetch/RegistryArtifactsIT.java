package dev.modunest.loader.fetch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.modunest.format.resolve.Plan;
import dev.modunest.loader.LoaderOptions;
import dev.modunest.loader.fetch.ArtifactSource.Fetched;
import dev.modunest.loader.testing.FakeRegistry;
import dev.modunest.loader.testing.FakeRegistry.Fault;
import dev.modunest.loader.testing.TestPlugin;

import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;

class RegistryArtifactsIT {

    private static final LoaderOptions.FetchOptions OPTIONS =
            new LoaderOptions.FetchOptions(
                    Duration.ofSeconds(5),
                    Duration.ofMillis(300),
                    Duration.ofSeconds(20),
                    3,
                    1 << 20);

    @TempDir private Path folder;

    private final List<Duration> pauses = new CopyOnWriteArrayList<>();
    private final TestPlugin plugin =
            TestPlugin.of("a/x@1.0.0").entry("data", "0123456789".repeat(2_000));
    private FakeRegistry registry;
    private HttpTransport transport;
    private ArtifactCache cache;

    @BeforeEach
    void open() throws IOException {
        registry = new FakeRegistry(plugin);
        transport = new HttpTransport(OPTIONS, pauses::add);
        cache = ArtifactCache.open(folder, InstantSource.system());
    }

    @AfterEach
    void close() {
        transport.close();
        registry.close();
    }

    private RegistryArtifacts artifacts() {
        return new RegistryArtifacts(Optional.of(registry.uri()), cache, transport, OPTIONS);
    }

    private Fetched fetch() throws FetchException, InterruptedException {
        return artifacts().fetch(plugin.step());
    }

    private static void assertFails(ThrowingCallable fetch, String code) {
        assertThatThrownBy(fetch)
                .isInstanceOfSatisfying(
                        FetchException.class, fault -> assertThat(fault.code()).isEqualTo(code));
    }

    private List<Path> partials() throws IOException {
        try (Stream<Path> files = Files.list(folder.resolve("partial"))) {
            return files.toList();
        }
    }

    @Test
    void keepsTheArtifactUnderItsDigest() throws Exception {
        Fetched fetched = fetch();
        String hex = plugin.digest().hex();
        assertThat(fetched.file())
                .isEqualTo(
                        folder.resolve("sha256")
                                .resolve(hex.substring(0, 2))
                                .resolve(hex.substring(2)))
                .hasBinaryContent(plugin.jar());
        assertThat(fetched.networkBytes()).isEqualTo(plugin.jar().length);
        assertThat(partials()).isEmpty();
    }

    @Test
    void asksTheRegistryOnlyOnce() throws Exception {
        fetch();
        Fetched again = fetch();
        assertThat(again.kept()).isTrue();
        assertThat(again.networkBytes()).isZero();
        assertThat(registry.artifactRequests()).hasSize(1);
    }

    @Test
    void resumesWhereTheConnectionBroke() throws Exception {
        registry.fail(plugin, new Fault.Cut(100));
        assertThat(fetch().file()).hasBinaryContent(plugin.jar());
        assertThat(registry.artifactRequests().getLast()).endsWith(" bytes=100-");
        assertThat(pauses).hasSize(1).allMatch(Duration::isPositive);
    }

    @Test
    void resumesAfterAStall() throws Exception {
        registry.fail(plugin, new Fault.Stall(50));
        assertThat(fetch().file()).hasBinaryContent(plugin.jar());
        assertThat(registry.artifactRequests().getLast()).endsWith(" bytes=50-");
    }

    @Test
    void startsAgainWhenTheRangeIsIgnored() throws Exception {
        registry.fail(plugin, new Fault.Cut(100), new Fault.Whole());
        assertThat(fetch().file()).hasBinaryContent(plugin.jar());
    }

    @Test
    void startsAgainWhenTheRangeIsAnother() throws Exception {
        registry.fail(plugin, new Fault.Cut(100), new Fault.WrongRange());
        assertThat(fetch().file()).hasBinaryContent(plugin.jar());
        assertThat(registry.artifactRequests()).hasSize(3);
    }

    @Test
    void triesAgainAfterAPassingStatus() throws Exception {
        registry.fail(plugin, new Fault.Status(503), new Fault.Status(502));
        assertThat(fetch().file()).hasBinaryContent(plugin.jar());
        assertThat(pauses).hasSize(2);
    }

    @Test
    void givesUpAfterTheLastAttempt() throws Exception {
        registry.fail(plugin, new Fault.Status(503), new Fault.Status(504), new Fault.Cut(3));
        assertFails(this::fetch, "fetch-failed");
        assertThat(registry.artifactRequests()).hasSize(3);
        assertThat(partials()).isEmpty();
    }

    @Test
    void refusesOtherBytes() throws Exception {
        registry.fail(plugin, new Fault.Garbled());
        assertFails(this::fetch, "digest-mismatch");
        assertThat(registry.artifactRequests()).hasSize(1);
        assertThat(partials()).isEmpty();
        assertThat(cache.find(plugin.digest())).isEmpty();
    }

    @Test
    void refusesMoreBytesThanThePlanNames() {
        Plan.Step step = plugin.step();
        Plan.Step shorter =
                new Plan.Step(step.coordinate(), step.digest(), 10, step.url(), List.of());
        assertFails(() -> artifacts().fetch(shorter), "size-mismatch");
    }

    @Test
    void refusesAnArtifactAboveTheLimitUnasked() {
        Plan.Step step = plugin.step();
        Plan.Step huge =
                new Plan.Step(step.coordinate(), step.digest(), 2 << 20, step.url(), List.of());
        assertFails(() -> artifacts().fetch(huge), "artifact-too-large");
        assertThat(registry.requests()).isEmpty();
    }

    @Test
    void doesNotTryAgainWhatIsNotThere() {
        registry.fail(plugin, new Fault.Status(404));
        assertFails(this::fetch, "artifact-missing");
        registry.fail(plugin, new Fault.Status(403));
        assertFails(this::fetch, "access-denied");
        registry.fail(plugin, new Fault.Status(405));
        assertFails(this::fetch, "unexpected-status");
        assertThat(pauses).isEmpty();
    }

    @Test
    void refusesAUrlThatLeavesTheRegistry() {
        Plan.Step step = plugin.step();
        for (String url : List.of("@other.example/x", "/a b")) {
            Plan.Step away =
                    new Plan.Step(step.coordinate(), step.digest(), step.size(), url, List.of());
            assertFails(() -> artifacts().fetch(away), "bad-url");
        }
    }

    @Test
    void saysThatNoRegistryIsSet() {
        RegistryArtifacts offline =
                new RegistryArtifacts(Optional.empty(), cache, transport, OPTIONS);
        assertFails(() -> offline.fetch(plugin.step()), "artifact-missing");
    }

    @Test
    void givesUpOnARegistryThatIsNotThere() {
        URI nobody = registry.uri();
        registry.close();
        RegistryArtifacts absent =
                new RegistryArtifacts(Optional.of(nobody), cache, transport, OPTIONS);
        assertFails(() -> absent.fetch(plugin.step()), "fetch-failed");
    }

    @Test
    void boundsAllAttemptsTogether() {
        LoaderOptions.FetchOptions impatient =
                new LoaderOptions.FetchOptions(
                        Duration.ofSeconds(5),
                        Duration.ofSeconds(5),
                        Duration.ofMillis(200),
                        20,
                        1 << 20);
        registry.fail(plugin, new Fault.Stall(1));
        try (HttpTransport bounded = new HttpTransport(impatient, pauses::add)) {
            RegistryArtifacts source =
                    new RegistryArtifacts(Optional.of(registry.uri()), cache, bounded, impatient);
            assertFails(() -> source.fetch(plugin.step()), "fetch-failed");
        }
        assertThat(registry.artifactRequests()).hasSize(1);
    }

    @Test
    void clearsWhatACrashedWriterLeft() throws Exception {
        Path old = Files.createFile(folder.resolve("partial/old"));
        Files.setLastModifiedTime(old, FileTime.from(Instant.now().minus(Duration.ofDays(2))));
        Path fresh = Files.createFile(folder.resolve("partial/fresh"));
        ArtifactCache.open(folder, InstantSource.system());
        assertThat(old).doesNotExist();
        assertThat(fresh).exists();
    }

    @Test
    void refusesAnAnswerThatNeverEnds() {
        registry.fail("/big", new Fault.Body("x".repeat(1_000)));
        assertFails(
                () ->
                        transport.exchange(
                                java.net.http.HttpRequest.newBuilder(
                                        registry.uri().resolve("/big")),
                                100),
                "answer-too-large");
    }
}
