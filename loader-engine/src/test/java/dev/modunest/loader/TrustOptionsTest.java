package dev.modunest.loader;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.modunest.format.PluginId;
import dev.modunest.format.Version;
import dev.modunest.format.trust.TrustLevel;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;

class TrustOptionsTest {

    private static TrustOptionsBuilder builder() {
        return TrustOptions.rootedIn(Path.of("1.root.json"), Path.of("state"));
    }

    @Test
    void hasTheDocumentedDefaults() {
        TrustOptions options = builder().build();
        assertThat(options.root()).isEqualTo(new TrustRoot.InFile(Path.of("1.root.json")));
        assertThat(options.home()).isEqualTo(Path.of("state"));
        assertThat(options.scope())
                .isEqualTo(new TrustOptions.Scope(TrustMode.STRICT, TrustLevel.PS_L2));
        assertThat(options.scopes()).isEmpty();
        assertThat(options.demands()).isEqualTo(TrustOptions.Demands.NONE);
        assertThat(options.acceptance()).isEqualTo(new TrustOptions.Acceptance(false, false));
        assertThat(options.privateNamespaces()).isEmpty();
        assertThat(options.registryName()).isEmpty();
        assertThat(options.grace()).isEqualTo(Duration.ofHours(24));
        assertThat(options.watch())
                .isEqualTo(
                        new TrustOptions.Watch(
                                Duration.ofSeconds(20),
                                TrustOptions.OnRevoked.REPORT,
                                TrustListener.NONE));
        assertThat(TrustOptions.STALE_LIMIT).isEqualTo(Duration.ofDays(7));
    }

    @Test
    void takesEveryOption() {
        TrustOptions options =
                builder()
                        .registryName("registry.example.com")
                        .rules(Set.of())
                        .logKeys(List.of())
                        .witnesses(List.of(), 0)
                        .grace(Duration.ofHours(1))
                        .minimumAge(Duration.ofDays(1))
                        .minimumVersion(PluginId.parse("a/b"), Version.parse("1.0.0"))
                        .namespace("a", TrustOptions.Scope.of(TrustMode.SKIP))
                        .privateNamespaces(Set.of("b"))
                        .build();
        assertThat(options.registryName()).contains("registry.example.com");
        assertThat(options.scopeOf("a").mode()).isEqualTo(TrustMode.SKIP);
        assertThat(options.scopeOf("b").mode()).isEqualTo(TrustMode.STRICT);
        assertThat(options.demands().versions())
                .containsEntry(PluginId.parse("a/b"), Version.parse("1.0.0"));
    }

    @Test
    void trustMustBeSaid() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> LoaderOptions.in(Path.of("cache")).build())
                .withMessageContaining("TrustOptions.unverified()");
    }

    @Test
    void skipNamesANamespace() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> builder().scope(TrustOptions.Scope.of(TrustMode.SKIP)).build())
                .withMessageContaining("never for all");
    }

    @ParameterizedTest
    @ValueSource(strings = {"*", "", "a/b", "acme*"})
    void overridesAreForOneNamespace(String namespace) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> builder().namespace(namespace, TrustOptions.Scope.STRICT).build())
                .withMessageContaining("is no namespace");
    }

    @Test
    void refusesWhatIsOutOfBounds() {
        Duration negative = Duration.ofSeconds(-1);
        assertThatIllegalArgumentException().isThrownBy(() -> builder().grace(negative).build());
        assertThatIllegalArgumentException().isThrownBy(() -> builder().refresh(negative).build());
        assertThatIllegalArgumentException()
                .isThrownBy(() -> builder().minimumAge(negative).build());
        assertThatIllegalArgumentException()
                .isThrownBy(() -> builder().witnesses(List.of(), 1).build())
                .withMessageContaining("a quorum of 1 of 0");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new TrustOptions.Scope(TrustMode.STRICT, TrustLevel.PS_L0));
    }
}
