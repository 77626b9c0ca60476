package dev.modunest.load;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.jar.JarInputStream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;

class PluginJarTest {

    @ParameterizedTest
    @ValueSource(ints = {1024, 100 << 10, 20 << 20})
    void hasTheSizeAskedFor(int size) {
        assertThat(PluginJar.of("load-a", "p", "1.0.0", size).bytes()).hasSize(size);
    }

    @Test
    void isAJarWithAManifestThatNamesIt() throws IOException {
        PluginJar jar = PluginJar.of("load-a", "p-1", "1.2.0", 4096);
        List<String> names = new ArrayList<>();
        try (ZipInputStream zip = new ZipInputStream(new ByteArrayInputStream(jar.bytes()))) {
            for (ZipEntry entry = zip.getNextEntry(); entry != null; entry = zip.getNextEntry()) {
                names.add(entry.getName());
                if (entry.getName().equals("META-INF/modunest/plugin.json")) {
                    JsonNode manifest = new JsonMapper().readTree(zip.readAllBytes());
                    assertThat(manifest.path("namespace").asText()).isEqualTo("load-a");
                    assertThat(manifest.path("name").asText()).isEqualTo("p-1");
                    assertThat(manifest.path("version").asText()).isEqualTo("1.2.0");
                }
            }
        }
        assertThat(names)
                .containsExactly(
                        "META-INF/MANIFEST.MF", "META-INF/modunest/plugin.json", "filler.bin");
        try (JarInputStream in = new JarInputStream(new ByteArrayInputStream(jar.bytes()))) {
            assertThat(in.getManifest()).isNotNull();
        }
        assertThat(jar.path()).isEqualTo("/api/v1/plugins/load-a/p-1/1.2.0");
        assertThat(jar.coordinate()).isEqualTo("load-a/p-1@1.2.0");
    }

    @Test
    void hasTheSameBytesForTheSameVersionOnly() {
        PluginJar jar = PluginJar.of("load-a", "p", "1.0.0", 2048);

        assertThat(PluginJar.of("load-a", "p", "1.0.0", 2048).digest()).isEqualTo(jar.digest());
        assertThat(PluginJar.of("load-a", "p", "1.1.0", 2048).digest()).isNotEqualTo(jar.digest());
        assertThat(jar.reprDigest()).matches("sha-256=:[A-Za-z0-9+/]{43}=:");
    }
}
