package dev.modunest.standalone;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;

import dev.modunest.db.Actor;
import dev.modunest.db.AuditEntry;
import dev.modunest.db.Database;
import dev.modunest.db.DatabaseConfig;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

class AuditCommandIT {

    private static final ObjectMapper JSON = new ObjectMapper();

    @TempDir private Path folder;

    private Commands audit(String verb, String... more) {
        List<String> arguments =
                new ArrayList<>(
                        List.of("audit", verb, "--config", folder.resolve("c.yaml").toString()));
        arguments.addAll(List.of(more));
        return Commands.run(arguments.toArray(String[]::new));
    }

    private static void append(Database database, int count) {
        database.inTransaction(
                tx -> {
                    for (int i = 0; i < count; i++) {
                        tx.audit()
                                .append(
                                        new AuditEntry(
                                                Instant.now(),
                                                Actor.NOBODY,
                                                "signin.failed",
                                                "alice",
                                                Optional.empty(),
                                                Optional.empty(),
                                                "{}"));
                    }
                    return true;
                });
    }

    private static void tamper(DatabaseConfig config, String sql) throws SQLException {
        try (Connection connection =
                        DriverManager.getConnection(
                                config.url(), config.user(), config.password().value());
                Statement statement = connection.createStatement()) {
            statement.execute("set session_replication_role = replica");
            statement.execute(sql);
        }
    }

    @Test
    void theAuditIsVerifiedExportedAndItsTamperingFound() throws Exception {
        try (Backends backends = Backends.start(folder.resolve("data"), line -> {})) {
            DatabaseConfig config = backends.serverConfig(0).database();
            Files.writeString(
                    folder.resolve("c.yaml"),
                    """
                    database:
                      url: %s
                      user: %s
                      password: %s
                    """
                            .formatted(config.url(), config.user(), config.password().value()));
            try (Database database = Database.open(config)) {
                append(database, 5);
            }

            Commands intact = audit("verify");
            assertThat(intact.exit()).as(intact.out() + intact.err()).isZero();
            assertThat(intact.out()).contains("5 entries from 1 to 5 are intact");
            String noted = JSON.readTree(audit("verify", "--json").out()).get("head").asText();

            String file = folder.resolve("all.jsonl").toString();
            Commands exported = audit("export", file);
            assertThat(exported.exit()).as(exported.err()).isZero();
            assertThat(Files.readAllLines(Path.of(file)))
                    .hasSize(6)
                    .last()
                    .asString()
                    .contains("audit.exported", "\"account\":\"operator\"");
            Commands ofFile =
                    Commands.run("audit", "verify", "--json", "--file", file, "--head", noted);
            assertThat(ofFile.exit()).as(ofFile.out()).isZero();
            assertThat(audit("verify", "--head", noted).exit()).isZero();

            tamper(config, "update audit set subject = 'bob' where sequence = 4");
            JsonNode report = JSON.readTree(audit("verify", "--json").out());
            assertThat(report.at("/fault/kind").asText()).isEqualTo("changed");
            assertThat(report.at("/fault/sequence").asLong()).isEqualTo(4);
            assertThat(report.get("entries").asLong()).isEqualTo(3);

            tamper(config, "delete from audit where sequence >= 4");
            Commands truncated = audit("verify");
            assertThat(truncated.exit()).isEqualTo(1);
            assertThat(truncated.out()).contains("TAMPERED  truncated  4");
        }
        for (String[] command : new String[][] {{"verify"}, {"export", "none.jsonl"}}) {
            Commands unreachable =
                    command.length == 1
                            ? audit(command[0])
                            : audit(command[0], folder.resolve(command[1]).toString());
            assertThat(unreachable.exit()).isEqualTo(3);
            assertThat(unreachable.err()).contains("the audit cannot be read");
        }
        assertThat(folder.resolve("none.jsonl")).doesNotExist();
    }
}
