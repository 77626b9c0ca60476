package dev.modunest.standalone;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;

class DataDirectoryIT {

    @TempDir private Path folder;

    @Test
    void secretsAreMadeOnceAndReadableByTheOwnerOnly() throws Exception {
        DataDirectory.Secrets first;
        try (DataDirectory directory = DataDirectory.open(folder.resolve("data"))) {
            first = directory.secrets();
            assertThat(first.postgresPassword()).hasSize(48).isNotEqualTo(first.s3Secret());
        }
        try (DataDirectory directory = DataDirectory.open(folder.resolve("data"))) {
            assertThat(directory.secrets()).isEqualTo(first);
            assertThat(permissions(directory.root().resolve("secrets.json")))
                    .isEqualTo("rw-------");
            assertThat(permissions(directory.root())).isEqualTo("rwx------");
        }
    }

    @Test
    void aDirectoryOfAnEarlierVersionGetsTheSecretItLacks() throws Exception {
        try (DataDirectory directory = DataDirectory.open(folder)) {
            Files.writeString(
                    folder.resolve("secrets.json"),
                    "{\"postgres_password\": \"p\", \"s3_access_key\": \"a\", \"s3_secret\": \"s\"}");
            DataDirectory.Secrets secrets = directory.secrets();
            assertThat(secrets.postgresPassword()).isEqualTo("p");
            assertThat(secrets.downloadsToken()).hasSize(48);
            assertThat(directory.secrets()).isEqualTo(secrets);
        }
    }

    @Test
    void damagedSecretsAreToldAndNotReplaced() throws Exception {
        try (DataDirectory directory = DataDirectory.open(folder)) {
            Path secrets =
                    Files.writeString(folder.resolve("secrets.json"), "{\"s3_secret\": \"x\"}");
            assertThatThrownBy(directory::secrets)
                    .isInstanceOf(StandaloneException.class)
                    .hasMessageContaining("has no postgres_password; restore the file");
            Files.writeString(secrets, "{");
            assertThatThrownBy(directory::secrets)
                    .hasMessageContaining("cannot be read or written");
            assertThat(secrets).hasContent("{");
        }
    }

    @Test
    void aFileIsNoDataDirectory() throws Exception {
        Path file = Files.writeString(folder.resolve("file"), "");
        assertThatThrownBy(() -> DataDirectory.open(file))
                .isInstanceOf(StandaloneException.class)
                .hasMessageContaining("give another with --data");
    }

    private static String permissions(Path path) throws Exception {
        return PosixFilePermissions.toString(Files.getPosixFilePermissions(path));
    }
}
