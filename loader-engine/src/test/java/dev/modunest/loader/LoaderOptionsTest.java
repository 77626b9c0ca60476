package dev.modunest.loader;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.modunest.format.Version;

import org.junit.jupiter.api.Test;

import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;

class LoaderOptionsTest {

    private static LoaderOptionsBuilder builder() {
        return LoaderOptions.in(Path.of("cache")).trust(TrustOptions.unverified());
    }

    @Test
    void hasTheDocumentedDefaults() {
        LoaderOptions options = builder().build();
        assertThat(options.registry()).isEmpty();
        assertThat(options.resolution()).isEqualTo(LoaderOptions.Resolution.REGISTRY);
        assertThat(options.budget().permits())
                .isEqualTo(LoaderOptions.defaultPermits())
                .isBetween(1, 500);
        assertThat(options.deadlines().start()).isEqualTo(Duration.ofSeconds(30));
        assertThat(options.deadlines().stop()).isEqualTo(Duration.ofSeconds(10));
        assertThat(options.fetch())
                .isEqualTo(
                        new LoaderOptions.FetchOptions(
                                Duration.ofSeconds(5),
                                Duration.ofSeconds(10),
                                Duration.ofMinutes(2),
                                4,
                                512L << 20));
        assertThat(options.identity())
                .isEqualTo(new LoaderOptions.IdentityOptions(Optional.empty(), Optional.empty()));
        assertThat(options.host().packages()).isEmpty();
        assertThat(options.host().version()).isEmpty();
        assertThat(options.host().adapter()).isSameAs(EntryPointAdapter.DEFAULT);
    }

    @Test
    void takesEveryOption() {
        ClassLoader loader = new ClassLoader() {};
        EntryPointAdapter adapter = _ -> context -> {};
        HostCredentials host =
                new HostCredentials(
                        "00000000-0000-4000-8000-000000000001",
                        "build-7",
                        URI.create("https://registry.example"),
                        Set.of(),
                        HostKey.generate());
        LoaderOptions options =
                builder()
                        .registry(URI.create("https://edge.example:8443/nest/"))
                        .resolution(LoaderOptions.Resolution.LOCAL_INDEX)
                        .permits(7)
                        .hostVersion(Version.parse("1.2.3"))
                        .hostPackages(Set.of("a.b"))
                        .hostClassLoader(loader)
                        .entryPointAdapter(adapter)
                        .connectDeadline(Duration.ofSeconds(1))
                        .idleDeadline(Duration.ofSeconds(2))
                        .fetchDeadline(Duration.ofSeconds(3))
                        .startDeadline(Duration.ofSeconds(4))
                        .stopDeadline(Duration.ofSeconds(5))
                        .attempts(6)
                        .maxArtifactBytes(8)
                        .mirrors(List.of(URI.create("http://mirror")))
                        .proxy(URI.create("http://proxy:3128"))
                        .bandwidth(2_048)
                        .hostCredentials(host)
                        .build();
        assertThat(options.identity().host()).contains(host);
        assertThat(options.budget().permits()).isEqualTo(7);
        assertThat(options.resolution()).isEqualTo(LoaderOptions.Resolution.LOCAL_INDEX);
        assertThat(options.host())
                .isEqualTo(
                        new LoaderOptions.HostOptions(
                                Optional.of(Version.parse("1.2.3")),
                                Set.of("a.b"),
                                loader,
                                adapter));
        assertThat(options.fetch())
                .isEqualTo(
                        new LoaderOptions.FetchOptions(
                                Duration.ofSeconds(1),
                                Duration.ofSeconds(2),
                                Duration.ofSeconds(3),
                                6,
                                8,
                                new LoaderOptions.Route(
                                        List.of(URI.create("http://mirror")),
                                        Optional.of(URI.create("http://proxy:3128")),
                                        2_048)));
    }

    @Test
    void refusesWhatIsOutOfBoundsByName() {
        assertThatThrownBy(() -> builder().permits(0).build())
                .hasMessage("permits is 0: it must be 1 to 500");
        assertThatThrownBy(() -> builder().permits(501).build()).hasMessageContaining("501");
        assertThatThrownBy(() -> builder().attempts(21).build()).hasMessageContaining("attempts");
        assertThatThrownBy(() -> builder().maxArtifactBytes(0).build())
                .hasMessageContaining("maxArtifactBytes");
        assertThatThrownBy(() -> builder().bandwidth(1_023).build())
                .hasMessageStartingWith("bytesPerSecond is 1023: it must be 1024");
        assertThatThrownBy(() -> builder().mirrors(List.of(URI.create("x"))).build())
                .hasMessageContaining("'x' is not a registry");
        assertThatThrownBy(() -> builder().proxy(URI.create("https://p:1")).build())
                .hasMessage("'https://p:1' is not a proxy: write http://host:port");
        assertThatThrownBy(() -> builder().startDeadline(Duration.ZERO).build())
                .hasMessage("start deadline is PT0S: it must be positive");
        assertThatThrownBy(() -> builder().registry(URI.create("ftp://x")).build())
                .hasMessage("'ftp://x' is not a registry: write http://host:port");
        assertThatThrownBy(() -> builder().registry(URI.create("http:/x")).build())
                .isInstanceOf(IllegalArgumentException.class);
    }
}
