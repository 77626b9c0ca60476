package dev.modunest.standalone;

import static org.assertj.core.api.Assertions.assertThat;

import dev.modunest.db.Database;
import dev.modunest.db.DatabaseConfig;
import dev.modunest.db.trust.SignedRevocations;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

class RevocationsCommandIT {

    @TempDir private Path folder;

    private Commands sign(Path config, Path key) {
        return Commands.run(
                "revocations",
                "sign",
                "--registry-config",
                config.toString(),
                "--key",
                key.toString());
    }

    private Path config(DatabaseConfig database) throws IOException {
        return Files.writeString(
                folder.resolve("server.yaml"),
                """
                database: {url: "%s", user: %s, password: "%s"}
                s3: {endpoint: "http://127.0.0.1:1", access_key: none, secret_key: none}
                """
                        .formatted(database.url(), database.user(), database.password().value()));
    }

    @Test
    void revocationsAreSignedOnceAndHandedToTheServers() throws Exception {
        Path key = folder.resolve("key.pem");
        assertThat(Commands.run("ceremony", "tuf", "keygen", "--out", key.toString()).exit())
                .isZero();
        try (Backends backends = Backends.start(folder.resolve("data"), line -> {})) {
            DatabaseConfig settings = backends.serverConfig(0).database();
            Path config = config(settings);
            try (Database database = Database.open(settings)) {
                Commands first = sign(config, key);
                assertThat(first.exit()).as(first.err()).isZero();
                assertThat(first.out()).contains("signed revocations 1");
                assertThat(sign(config, key).out()).contains("nothing to sign");
                SignedRevocations signed =
                        database.<Optional<SignedRevocations>>read(tx -> tx.freshness().handedIn(0))
                                .orElseThrow();
                assertThat(new String(signed.content(), StandardCharsets.UTF_8))
                        .isEqualTo("{\"artifacts\":[],\"revoked_version\":1}");
            }
        }
    }

    @Test
    void withoutKeyOrPostgresNothingIsSigned() throws Exception {
        Path config =
                Files.writeString(
                        folder.resolve("server.yaml"),
                        """
                        database: {url: "jdbc:postgresql://127.0.0.1:1/x", password: x, connection_timeout: 250ms}
                        s3: {endpoint: "http://127.0.0.1:1", access_key: none, secret_key: none}
                        """);
        Commands absent = sign(config, folder.resolve("none.pem"));
        assertThat(absent.exit()).isEqualTo(1);
        Path key = folder.resolve("key.pem");
        assertThat(Commands.run("ceremony", "tuf", "keygen", "--out", key.toString()).exit())
                .isZero();
        Commands unreachable = sign(config, key);
        assertThat(unreachable.exit()).isEqualTo(3);
        assertThat(unreachable.err()).contains("the index cannot be reached");
        Commands unread = sign(folder.resolve("none.yaml"), key);
        assertThat(unread.exit()).isEqualTo(2);
    }
}
