package dev.modunest.format;

import static org.assertj.core.api.Assertions.assertThat;

import com.networknt.schema.InputFormat;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;

import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** The schema and the reader come to the same verdict where a schema can judge at all. */
class ManifestSchemaTest {

    private static final String REQUIRED =
            "\"manifest_version\":1,\"namespace\":\"acme\",\"name\":\"x\",\"version\":\"1.2.3\"";
    private static final String PLUGIN = REQUIRED + ",\"entry_point\":\"acme.Main\"";

    private static Schema schema =
            SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12)
                    .getSchema("true", InputFormat.JSON);

    @BeforeAll
    static void readSchema() throws IOException {
        schema =
                SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12)
                        .getSchema(
                                Files.readString(Path.of("../docs/format/plugin.schema.json")),
                                InputFormat.JSON);
    }

    @ParameterizedTest
    @MethodSource("good")
    void bothAccept(String fields) {
        assertThat(findings(fields).problems()).isEmpty();
        assertThat(schema.validate("{" + fields + "}", InputFormat.JSON)).isEmpty();
    }

    @ParameterizedTest
    @MethodSource("bad")
    void bothRefuse(String fields) {
        assertThat(findings(fields).problems()).isNotEmpty();
        assertThat(schema.validate("{" + fields + "}", InputFormat.JSON)).isNotEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "\"requires\":[{\"plugin\":\"a/b\",\"range\":\"one\"}]",
                "\"requires\":[{\"plugin\":\"acme/x\",\"range\":\"1\"}]",
                "\"requires\":[{\"plugin\":\"a/b\",\"range\":\"1\"},{\"plugin\":\"a/b\",\"range\":\"2\"}]",
                "\"host\":\"one\""
            })
    void onlyTheReaderKnowsRangesAndOtherFields(String field) {
        assertThat(findings(PLUGIN + "," + field).problems()).isNotEmpty();
    }

    static Stream<String> good() {
        return Stream.concat(
                Stream.of(
                        PLUGIN,
                        PLUGIN.replace("1,", "1.0,"),
                        PLUGIN.replace("1.2.3", "0.0.0-rc.1.x-y"),
                        PLUGIN.replace("acme.Main", "Main"),
                        PLUGIN.replace("acme.Main", "a.b_c.$D$E"),
                        REQUIRED + ",\"kind\":\"library\"",
                        PLUGIN + ",\"kind\":\"plugin\""),
                Stream.of(
                                "\"title\":\"A title, with é\"",
                                "\"title\":\"" + "t".repeat(100) + "\"",
                                "\"title\":\"" + "😀".repeat(100) + "\"",
                                "\"description\":\"two\\nlines\"",
                                "\"requires\":[]",
                                "\"requires\":[{\"plugin\":\"a/b\",\"range\":\"^1 || 2.x\"}]",
                                "\"requires\":[{\"plugin\":\"a/b\",\"range\":\"*\",\"optional\":true}]",
                                "\"host\":\">=1.0.0\"",
                                "\"exports\":[\"acme.api\",\"acme.spi\"]",
                                "\"permissions\":[\"net.out:api.example.com:443\",\"fs:/tmp\"]",
                                "\"categories\":[\"text\",\"html-5\"]",
                                "\"license\":\"Apache-2.0 OR (MIT AND BSD-3-Clause)\"",
                                "\"homepage\":\"https://example.com/a?b=c#d\"",
                                "\"anything\":{\"else\":[1,null]}")
                        .map(field -> PLUGIN + "," + field));
    }

    static Stream<String> bad() {
        return Stream.concat(
                Stream.of(
                        "",
                        REQUIRED,
                        PLUGIN + ",\"kind\":\"library\"",
                        PLUGIN + ",\"kind\":\"theme\"",
                        PLUGIN + ",\"kind\":null",
                        PLUGIN.replace(":1,", ":2,"),
                        PLUGIN.replace(":1,", ":\"1\","),
                        PLUGIN.replace("\"acme\"", "\"Acme\""),
                        PLUGIN.replace("\"acme\"", "\"a--b\""),
                        PLUGIN.replace("\"acme\"", "\"" + "a".repeat(65) + "\""),
                        PLUGIN.replace("\"x\"", "null"),
                        PLUGIN.replace("1.2.3", "1.2"),
                        PLUGIN.replace("1.2.3", "v1.2.3"),
                        PLUGIN.replace("1.2.3", "1.2.3+build"),
                        PLUGIN.replace("1.2.3", "01.2.3"),
                        PLUGIN.replace("1.2.3", "1.2.3-01"),
                        PLUGIN.replace("1.2.3", "99999999999999999.0.0"),
                        PLUGIN.replace("acme.Main", "acme/Main"),
                        PLUGIN.replace("acme.Main", "acme..Main"),
                        PLUGIN.replace("acme.Main", "1Main")),
                Stream.of(
                                "\"title\":\"\"",
                                "\"title\":\"two\\nlines\"",
                                "\"title\":\"" + "t".repeat(101) + "\"",
                                "\"description\":\"" + "d".repeat(4001) + "\"",
                                "\"description\":\"bell \\u0007\"",
                                "\"requires\":{}",
                                "\"requires\":[1]",
                                "\"requires\":[{\"plugin\":\"a/b\"}]",
                                "\"requires\":[{\"range\":\"1\"}]",
                                "\"requires\":[{\"plugin\":\"ab\",\"range\":\"1\"}]",
                                "\"requires\":[{\"plugin\":\"a/b\",\"range\":\"\"}]",
                                "\"requires\":[{\"plugin\":\"a/b\",\"range\":\"1\",\"optional\":1}]",
                                "\"requires\":["
                                        + IntStream.range(0, 501)
                                                .mapToObj(
                                                        i ->
                                                                "{\"plugin\":\"a/b"
                                                                        + i
                                                                        + "\",\"range\":\"1\"}")
                                                .reduce((a, b) -> a + "," + b)
                                                .orElseThrow()
                                        + "]",
                                "\"host\":1",
                                "\"exports\":\"acme\"",
                                "\"exports\":[\"acme.api\",\"acme.api\"]",
                                "\"exports\":[\"acme-api\"]",
                                "\"permissions\":[\"net\"]",
                                "\"permissions\":[\"net:\"]",
                                "\"permissions\":[\"Net:x\"]",
                                "\"permissions\":[\"net:a b\"]",
                                "\"categories\":[\"Text\"]",
                                "\"categories\":[\"a_b\"]",
                                "\"license\":\"Apache 2.0; MIT\"",
                                "\"homepage\":\"ftp://example.com\"",
                                "\"homepage\":true")
                        .map(field -> PLUGIN + "," + field));
    }

    private static Findings findings(String fields) {
        Findings findings = new Findings();
        ManifestReader.read(("{" + fields + "}").getBytes(StandardCharsets.UTF_8), findings);
        return findings;
    }
}
