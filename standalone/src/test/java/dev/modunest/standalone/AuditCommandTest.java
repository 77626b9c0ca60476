package dev.modunest.standalone;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;

import dev.modunest.format.CanonicalJson;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Of exports in files, which need no database. */
class AuditCommandTest {

    private static final ObjectMapper JSON = new ObjectMapper();

    @TempDir private Path folder;

    /** Lines 4 to 8 of a chain, made as {@code docs/format/audit.md} says. */
    private static List<String> export() {
        List<String> lines = new ArrayList<>();
        String previous = "ab".repeat(32);
        for (int sequence = 4; sequence <= 8; sequence++) {
            ObjectNode entry =
                    JSON.createObjectNode()
                            .put("at", "2026-11-01T10:00:00.000000Z")
                            .put("account", "alice")
                            .put("action", "token.made")
                            .put("subject", "laptop " + sequence)
                            .put("sequence", sequence)
                            .put("previous_hash", previous);
            previous = CanonicalJson.digest(entry).hex();
            lines.add(CanonicalJson.text(entry.put("hash", previous)));
        }
        return lines;
    }

    private Commands verify(List<String> lines, String... more) throws IOException {
        Path file = Files.write(folder.resolve("export.jsonl"), lines);
        List<String> arguments =
                new ArrayList<>(List.of("audit", "verify", "--file", file.toString()));
        arguments.addAll(List.of(more));
        return Commands.run(arguments.toArray(String[]::new));
    }

    private static String head(String line) throws IOException {
        JsonNode entry = JSON.readTree(line);
        return entry.get("sequence").asText() + ":" + entry.get("hash").asText();
    }

    @Test
    void anIntactExportIsToldWithItsHead() throws IOException {
        List<String> lines = export();
        Commands intact = verify(lines, "--head", head(lines.get(2)));
        assertThat(intact.exit()).as(intact.err()).isZero();
        assertThat(intact.out())
                .contains("5 entries from 4 to 8 are intact", head(lines.getLast()));
    }

    @Test
    void whatWasTamperedWithIsNamed() throws IOException {
        List<String> changed = export();
        changed.set(2, changed.get(2).replace("laptop 6", "laptop 9"));
        Commands told = verify(changed);
        assertThat(told.exit()).isEqualTo(1);
        assertThat(told.out())
                .contains("TAMPERED  changed  6: ", "2 entries from 4 to 5 before it are intact")
                .doesNotContain("to be noted");

        List<String> missing = export();
        missing.remove(1);
        JsonNode json = JSON.readTree(verify(missing, "--json").out());
        assertThat(json.get("intact").asBoolean()).isFalse();
        assertThat(json.at("/fault/kind").asText()).isEqualTo("missing");
        assertThat(json.at("/fault/sequence").asLong()).isEqualTo(5);

        List<String> swapped = export();
        swapped.add(1, swapped.remove(2));
        assertThat(verify(swapped).out()).contains("TAMPERED  reordered  5");

        List<String> whole = export();
        Commands cut = verify(whole.subList(0, 3), "--head", head(whole.getLast()));
        assertThat(cut.exit()).isEqualTo(1);
        assertThat(cut.out()).contains("TAMPERED  truncated  7");
    }

    @Test
    void retentionIsTakenIntoAccount() throws IOException {
        List<String> lines = export();
        JsonNode before = JSON.readTree(lines.get(1));
        JsonNode after = JSON.readTree(lines.get(3));
        ObjectNode told =
                JSON.createObjectNode()
                        .put("at", "2029-11-01T10:00:00.000000Z")
                        .put("account", "registry")
                        .put("action", "audit.expired")
                        .put("subject", "audit_p202611")
                        .put("sequence", 9)
                        .put("previous_hash", JSON.readTree(lines.getLast()).get("hash").asText());
        told.putObject("detail")
                .putArray("expired")
                .addObject()
                .put("from", 6)
                .put("to", 6)
                .put("previous_hash", before.get("hash").asText())
                .put("hash", after.get("previous_hash").asText());
        told.put("hash", CanonicalJson.digest(told).hex());
        lines.add(told.toString());
        lines.remove(2);
        Commands intact = verify(lines);
        assertThat(intact.exit()).as(intact.out()).isZero();
        assertThat(intact.out()).contains("retention took 1");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "--head x|--head: 'x' is not a head of the audit",
                "--data here|give --file, or --config or --data"
            })
    void badUsageEndsWithTwo(String arguments, String message) throws IOException {
        Commands failed = verify(export(), arguments.split(" "));
        assertThat(failed.exit()).isEqualTo(2);
        assertThat(failed.err()).contains(message);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {"{}", "nothing", "{\"sequence\": 1, \"sequence\": 1}", "{} {}", "''"})
    void whatIsNoExportCannotBeRead(String line) throws IOException {
        List<String> lines = export();
        lines.add(2, line);
        Commands failed = verify(lines);
        assertThat(failed.exit()).isEqualTo(3);
        assertThat(failed.err()).contains("line 3 of ", "is no entry of an export");
    }

    @Test
    void aFileThatIsNotThereCannotBeRead() {
        Commands failed = Commands.run("audit", "verify", "--file", "target/nowhere.jsonl");
        assertThat(failed.exit()).isEqualTo(3);
        assertThat(failed.err()).contains("target/nowhere.jsonl cannot be read");
    }

    @Test
    void withoutAVerbItExplainsItself() {
        Commands help = Commands.run("audit");
        assertThat(help.exit()).isZero();
        assertThat(help.out()).contains("verify", "export");
    }

    @Test
    void anExportOverwritesNothingAndKnowsItsTimes() throws IOException {
        Path file = Files.createFile(folder.resolve("there.jsonl"));
        Commands refused =
                Commands.run("audit", "export", "--data", folder.toString(), file.toString());
        assertThat(refused.exit()).isEqualTo(3);
        assertThat(refused.err()).contains("there.jsonl cannot be written");
        Commands wrong = Commands.run("audit", "export", "--since", "monday", "x.jsonl");
        assertThat(wrong.exit()).isEqualTo(2);
        assertThat(wrong.err()).contains("--since is a time such as");
    }
}
