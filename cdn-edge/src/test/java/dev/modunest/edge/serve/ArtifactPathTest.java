package dev.modunest.edge.serve;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class ArtifactPathTest {

    @Test
    void pathsByDigestAndByNameAreRead() {
        String digest = "/artifacts/sha256/" + "a".repeat(64);
        assertThat(ArtifactPath.parse(digest).orElseThrow().text()).isEqualTo(digest);
        String name = "/artifacts/acme/markdown/1.2.3-rc.1/markdown-1.2.3-rc.1.jar";
        assertThat(ArtifactPath.parse(name)).contains(new ArtifactPath.ByName(name));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/index/a",
                "/artifacts/",
                "/artifacts/sha256/ABC",
                "/artifacts/acme/markdown/1.0.0/other-1.0.0.jar",
                "/artifacts/acme/markdown/1.0.0/markdown-1.0.0.zip",
                "/artifacts/acme/markdown//markdown-.jar",
                "/artifacts/acme/markdown/1%2e0/markdown-1%2e0.jar",
                "/artifacts/../markdown/1.0.0/markdown-1.0.0.jar",
                "/artifacts/acme/markdown/1.0.0/markdown-1.0.0.jar/",
            })
    void otherPathsAreNot(String path) {
        assertThat(ArtifactPath.parse(path)).isEmpty();
    }

    @Test
    void requestIdIsTakenOnlyWhenItIsSafe() {
        assertThat(RequestIds.of("a.B_9-")).isEqualTo("a.B_9-");
        assertThat(RequestIds.of(null)).hasSize(16);
        assertThat(RequestIds.of("")).hasSize(16);
        assertThat(RequestIds.of("a b")).hasSize(16);
        assertThat(RequestIds.of("x".repeat(65))).hasSize(16);
    }
}
