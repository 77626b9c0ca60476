package dev.modunest.server.problem;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

class ProblemCodeTest {

    private static final Pattern ROW =
            Pattern.compile("(?m)^\\| `([a-z-]+)` \\| (\\d{3}) \\| [^|]+ \\| [^|]+ \\|$");

    @Test
    void theCatalogueListsEveryCodeWithItsStatus() throws IOException {
        Map<String, Integer> documented = new TreeMap<>();
        ROW.matcher(Files.readString(Path.of("../docs/api/problems.md")))
                .results()
                .forEach(row -> documented.put(row.group(1), Integer.valueOf(row.group(2))));

        assertThat(documented)
                .isEqualTo(
                        Arrays.stream(ProblemCode.values())
                                .collect(
                                        Collectors.toMap(
                                                ProblemCode::code, code -> code.status().code())));
    }
}
