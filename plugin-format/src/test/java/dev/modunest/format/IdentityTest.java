package dev.modunest.format;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.modunest.format.resolve.Requirement;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;

/** Plugin ids, coordinates and digests. */
class IdentityTest {

    private static final String EMPTY =
            "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";

    @ParameterizedTest
    @ValueSource(strings = {"a/b", "acme/html-5", "0/1"})
    void readsPluginIds(String text) {
        assertThat(PluginId.parse(text)).hasToString(text);
        assertThat(PluginId.tryParse(text)).contains(PluginId.parse(text));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "", "a", "/", "a/", "/b", "A/b", "a/b/c", "a/-b", "a/b-", "a/b--c", "a_/b", "../b"
            })
    void refusesOtherPluginIds(String text) {
        assertThat(PluginId.tryParse(text)).isEmpty();
        assertThatIllegalArgumentException()
                .isThrownBy(() -> PluginId.parse(text))
                .withMessageContaining("is not a plugin");
    }

    @Test
    void pluginIdsAreBoundedInLength() {
        assertThat(PluginId.isPart("a".repeat(64))).isTrue();
        assertThat(PluginId.isPart("a".repeat(65))).isFalse();
    }

    @Test
    void coordinatesOrderByPluginThenVersion() {
        List<Coordinate> ascending =
                List.of(
                        Coordinate.parse("a/x@1.9.0"),
                        Coordinate.parse("a/x@1.10.0"),
                        Coordinate.parse("a/y@1.0.0"),
                        Coordinate.parse("b/a@0.1.0"));

        assertThat(ascending.reversed().stream().sorted()).containsExactlyElementsOf(ascending);
        assertThat(ascending.getFirst()).hasToString("a/x@1.9.0");
        assertThat(ascending.getFirst().fileName()).isEqualTo("x-1.9.0.jar");
    }

    @ParameterizedTest
    @ValueSource(strings = {"a/b", "a/b@", "a/b@1", "a@1.0.0", "@1.0.0"})
    void refusesOtherCoordinates(String text) {
        assertThatIllegalArgumentException().isThrownBy(() -> Coordinate.parse(text));
    }

    @Test
    void requirementsAndDependenciesReadAndShowThemselves() {
        assertThat(Requirement.parse("a/b@^1")).hasToString("a/b@^1");
        assertThat(Requirement.parse("a/b")).hasToString("a/b@*");
        assertThat(new Dependency(PluginId.parse("a/b"), VersionRange.parse("^1"), true))
                .hasToString("a/b ^1 (optional)");
    }

    @Test
    void digestsHaveTheFormsThatHttpNeeds() {
        Digest digest = Digest.ofBytes(new byte[0]);

        assertThat(digest)
                .hasToString("sha256:" + EMPTY)
                .isEqualTo(Digest.parse("sha256:" + EMPTY));
        assertThat(digest.entityTag()).isEqualTo("\"sha256:" + EMPTY + "\"");
        assertThat(digest.reprDigest())
                .isEqualTo("sha-256=:47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=:");
        assertThat(Digest.tryHex(EMPTY)).contains(digest);
        assertThat(digest).isGreaterThan(Digest.ofBytes("abc".getBytes(StandardCharsets.UTF_8)));
    }

    @Test
    void refusesOtherDigests() {
        for (String text : List.of(EMPTY, "sha256:" + EMPTY.substring(1), "sha512:" + EMPTY, "")) {
            assertThatIllegalArgumentException().isThrownBy(() -> Digest.parse(text));
        }
        assertThat(Digest.tryHex("E" + EMPTY.substring(1))).isEqualTo(Optional.empty());
    }

    @Test
    void aRefusalAndAConflictNameTheirReasons() {
        assertThatIllegalArgumentException().isThrownBy(() -> new Inspection.Refused(List.of()));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new dev.modunest.format.resolve.Resolution.Conflict(List.of()));
    }

    @Test
    void aManifestHasAnEntryPointExactlyWhenItIsAPlugin() {
        assertThatIllegalArgumentException()
                .isThrownBy(
                        () ->
                                new Manifest(
                                        Coordinate.parse("a/b@1.0.0"),
                                        Manifest.Kind.PLUGIN,
                                        Optional.empty(),
                                        Optional.empty(),
                                        Optional.empty(),
                                        List.of(),
                                        Optional.empty(),
                                        List.of(),
                                        List.of(),
                                        List.of(),
                                        Optional.empty(),
                                        Optional.empty()));
    }
}
