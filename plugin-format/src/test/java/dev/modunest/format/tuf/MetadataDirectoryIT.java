package dev.modunest.format.tuf;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

class MetadataDirectoryIT {

    @TempDir Path folder;

    @Test
    void keepsOneFileForEachRoleAndNothingBeside() throws IOException {
        MetadataDirectory store = new MetadataDirectory(folder);
        assertThat(store.read("root")).isEmpty();
        store.write("root", "first".getBytes(StandardCharsets.UTF_8));
        store.write("root", "2nd".getBytes(StandardCharsets.UTF_8));
        store.write("../a", "other".getBytes(StandardCharsets.UTF_8));
        assertThat(store.read("root").orElseThrow()).asString().isEqualTo("2nd");
        assertThat(store.read("../a").orElseThrow()).asString().isEqualTo("other");
        try (Stream<Path> files = Files.list(folder)) {
            assertThat(files.map(file -> file.getFileName().toString()))
                    .containsExactlyInAnyOrder("root.json", "..%2Fa.json");
        }
        store.remove("root");
        store.remove("root");
        assertThat(store.read("root")).isEmpty();
    }
}
