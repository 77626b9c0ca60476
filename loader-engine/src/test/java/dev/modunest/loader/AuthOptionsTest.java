package dev.modunest.loader;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.modunest.loader.TrustedIssuer.Algorithm;

import org.junit.jupiter.api.Test;

import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Set;

class AuthOptionsTest {

    private static final TrustedIssuer REGISTRY =
            TrustedIssuer.registry(URI.create("https://registry.example/"), "urn:host");

    private static AuthOptionsBuilder builder() {
        return AuthOptions.in(Path.of("home"));
    }

    @Test
    void hasTheDocumentedDefaults() {
        AuthOptions options = builder().build();
        assertThat(options.issuers()).isEmpty();
        assertThat(options.directory()).isEqualTo(Path.of("home"));
        assertThat(options.leeway()).isEqualTo(Duration.ofSeconds(60));
        assertThat(options.keys())
                .isEqualTo(
                        new AuthOptions.KeyOptions(
                                Duration.ofMinutes(10),
                                Duration.ofHours(24),
                                Duration.ofSeconds(30)));
        assertThat(options.maxTokens()).isEqualTo(10_000);
        assertThat(options.maxStates()).isEqualTo(10_000);
        assertThat(REGISTRY.algorithms()).containsExactly(Algorithm.ES256);
        assertThat(REGISTRY.issuer()).isEqualTo("https://registry.example/");
        assertThat(REGISTRY.keys())
                .isEqualTo(
                        new TrustedIssuer.Keys.At(
                                URI.create("https://registry.example/.well-known/jwks.json"),
                                false));
    }

    @Test
    void takesEveryOption() {
        AuthOptions.StatePolicy nobody = (_, _) -> false;
        InstantSource clock = InstantSource.system();
        AuthOptions options =
                builder()
                        .trust(REGISTRY)
                        .leeway(Duration.ZERO)
                        .keysFresh(Duration.ofMinutes(1))
                        .keysGrace(Duration.ZERO)
                        .keysPause(Duration.ofSeconds(3))
                        .maxTokens(4)
                        .maxStates(5)
                        .statePolicy(nobody)
                        .clock(clock)
                        .build();
        assertThat(options)
                .isEqualTo(
                        new AuthOptions(
                                List.of(REGISTRY),
                                Path.of("home"),
                                Duration.ZERO,
                                new AuthOptions.KeyOptions(
                                        Duration.ofMinutes(1),
                                        Duration.ZERO,
                                        Duration.ofSeconds(3)),
                                4,
                                5,
                                nobody,
                                clock));
    }

    @Test
    void refusesWhatIsOutOfBoundsByName() {
        assertThatThrownBy(() -> builder().leeway(Duration.ofMinutes(6)).build())
                .hasMessage("leeway is PT6M: it must be 0 to 5 minutes");
        assertThatThrownBy(() -> builder().maxTokens(1).build())
                .hasMessage("maxTokens is 1: it must be 2 to 1000000");
        assertThatThrownBy(() -> builder().maxStates(0).build()).hasMessageContaining("maxStates");
        assertThatThrownBy(() -> builder().keysFresh(Duration.ZERO).build())
                .hasMessageContaining("positive");
        assertThatThrownBy(() -> builder().trust(REGISTRY).trust(REGISTRY).build())
                .hasMessage("'https://registry.example/' is trusted twice: name each issuer once");
    }

    @Test
    void takesKeysOverUnprotectedNetworksOnlyWhenTold() {
        for (String local :
                List.of("http://127.0.0.1:8080/k", "http://localhost/k", "http://[::1]/k")) {
            assertThat(new TrustedIssuer.Keys.At(URI.create(local), false)).isNotNull();
        }
        URI far = URI.create("http://registry.example/k");
        assertThatThrownBy(() -> new TrustedIssuer.Keys.At(far, false))
                .hasMessageContaining("use https, a key set file");
        assertThat(new TrustedIssuer.Keys.At(far, true)).isNotNull();
        for (String other : List.of("http://127.0.0.1.evil.example/k", "ftp://x/k", "https:/x")) {
            assertThatThrownBy(() -> new TrustedIssuer.Keys.At(URI.create(other), false))
                    .isInstanceOf(IllegalArgumentException.class);
        }
    }

    @Test
    void anIssuerHasEveryPin() {
        TrustedIssuer.Keys keys = new TrustedIssuer.Keys.In(Path.of("keys.json"));
        Set<Algorithm> one = Set.of(Algorithm.ES256);
        assertThatThrownBy(() -> new TrustedIssuer(" ", keys, "a", one))
                .hasMessageContaining("at least one algorithm");
        assertThatThrownBy(() -> new TrustedIssuer("i", keys, "", one))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new TrustedIssuer("i", keys, "a", Set.of()))
                .isInstanceOf(IllegalArgumentException.class);
    }
}
