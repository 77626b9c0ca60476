package dev.modunest.format;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Pattern;

class ArchiveCatalogueTest {

    @Test
    void archiveMdListsTheCodesThatThereAre() throws IOException {
        String document = Files.readString(Path.of("../docs/format/archive.md"));
        List<String> listed =
                Pattern.compile("(?m)^\\| `([a-z0-9-]+)` \\|")
                        .matcher(document)
                        .results()
                        .map(row -> row.group(1))
                        .toList();

        assertThat(listed)
                .containsExactlyInAnyOrderElementsOf(
                        Arrays.stream(ArchiveCode.values()).map(ArchiveCode::code).toList());
    }
}
