package dev.modunest.loader.fetch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.modunest.loader.LoaderOptions.FetchOptions;
import dev.modunest.loader.LoaderOptions.Route;
import dev.modunest.loader.testing.FakeRegistry;
import dev.modunest.loader.testing.FakeRegistry.Fault;
import dev.modunest.loader.testing.TestPlugin;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;

/** Mirrors, a proxy and a limit, each over real sockets. */
class RouteIT {

    private static FakeRegistry registry;
    private static FakeRegistry mirror;

    @TempDir private Path folder;
    private final List<Duration> pauses = new CopyOnWriteArrayList<>();

    @BeforeAll
    static void open() throws IOException {
        registry = new FakeRegistry();
        mirror = new FakeRegistry();
    }

    @AfterAll
    static void close() {
        registry.close();
        mirror.close();
    }

    /** One that no other test asks for. */
    private static TestPlugin plugin(String name, FakeRegistry... at) {
        TestPlugin plugin = TestPlugin.of("a/" + name + "@1.0.0").entry("data", name.repeat(4_000));
        for (FakeRegistry each : at) {
            each.add(plugin);
        }
        return plugin;
    }

    private static FetchOptions options(Route route) {
        return new FetchOptions(
                Duration.ofSeconds(5),
                Duration.ofSeconds(5),
                Duration.ofHours(1),
                3,
                1 << 20,
                route);
    }

    private static Route mirrored(URI... mirrors) {
        return new Route(List.of(mirrors), Optional.empty(), 0);
    }

    private Path fetch(TestPlugin plugin, Optional<URI> from, Route route) throws Exception {
        FetchOptions options = options(route);
        try (HttpTransport transport = new HttpTransport(options, pauses::add)) {
            ArtifactCache cache = ArtifactCache.open(folder, InstantSource.system());
            return new RegistryArtifacts(from, cache, transport, options)
                    .fetch(plugin.step())
                    .file();
        }
    }

    @Test
    void goesOnAtTheMirrorWhereTheRegistryBroke() throws Exception {
        TestPlugin plugin = plugin("broke", registry, mirror);
        registry.fail(plugin, new Fault.Cut(100));
        assertThat(fetch(plugin, Optional.of(registry.uri()), mirrored(mirror.uri())))
                .hasBinaryContent(plugin.jar());
        assertThat(mirror.artifactRequests().getLast())
                .contains(plugin.digest().hex())
                .endsWith(" bytes=100-");
    }

    @Test
    void asksTheMirrorForWhatTheRegistryLacks() throws Exception {
        TestPlugin plugin = plugin("lacks", mirror);
        assertThat(fetch(plugin, Optional.of(registry.uri()), mirrored(mirror.uri())))
                .hasBinaryContent(plugin.jar());
        assertThat(pauses).isEmpty();
    }

    @Test
    void asksTheMirrorWhenTheRegistrySendsOtherBytes() throws Exception {
        TestPlugin plugin = plugin("garbled", registry, mirror);
        registry.fail(plugin, new Fault.Garbled());
        assertThat(fetch(plugin, Optional.of(registry.uri()), mirrored(mirror.uri())))
                .hasBinaryContent(plugin.jar());
    }

    @Test
    void needsNoRegistryWhenAMirrorHasIt() throws Exception {
        TestPlugin plugin = plugin("alone", mirror);
        assertThat(fetch(plugin, Optional.empty(), mirrored(mirror.uri())))
                .hasBinaryContent(plugin.jar());
    }

    @Test
    void saysThatNobodyHasIt() {
        TestPlugin plugin = plugin("nowhere");
        assertThatThrownBy(() -> fetch(plugin, Optional.of(registry.uri()), mirrored(mirror.uri())))
                .isInstanceOfSatisfying(
                        FetchException.class,
                        refused -> assertThat(refused.code()).isEqualTo("artifact-missing"));
    }

    @Test
    void triesAgainWhileOneIsInTrouble() throws Exception {
        TestPlugin plugin = plugin("trouble", registry);
        registry.fail(plugin, new Fault.Status(503));
        assertThat(fetch(plugin, Optional.of(registry.uri()), mirrored(mirror.uri())))
                .hasBinaryContent(plugin.jar());
        assertThat(pauses).hasSize(2);
    }

    @Test
    void namesAllThatWereAskedWhenNobodyAnswers() {
        TestPlugin plugin = plugin("silent", registry, mirror);
        registry.fail(plugin, new Fault.Status(503), new Fault.Status(503));
        mirror.fail(plugin, new Fault.Status(502));
        assertThatThrownBy(() -> fetch(plugin, Optional.of(registry.uri()), mirrored(mirror.uri())))
                .isInstanceOfSatisfying(
                        FetchException.class,
                        failed ->
                                assertThat(failed.reason())
                                        .contains(registry.uri().toString())
                                        .contains(mirror.uri().toString()));
    }

    @Test
    void sendsRequestsToTheProxy() throws Exception {
        TestPlugin plugin = plugin("proxied", mirror);
        Route route = new Route(List.of(), Optional.of(mirror.uri()), 0);
        assertThat(fetch(plugin, Optional.of(URI.create("http://registry.invalid")), route))
                .hasBinaryContent(plugin.jar());
    }

    @Test
    void waitsForWhatItTookAboveTheLimit() throws Exception {
        TestPlugin plugin = plugin("slow", registry);
        Route route = new Route(List.of(), Optional.empty(), 1_024);
        assertThat(fetch(plugin, Optional.of(registry.uri()), route))
                .hasBinaryContent(plugin.jar());
        assertThat(pauses).isNotEmpty().allMatch(Duration::isPositive);
    }
}
