package dev.modunest.server.password;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;

class SealerIT {

    private static final byte[] SECRET = "top secret".getBytes(StandardCharsets.UTF_8);

    @TempDir Path folder;

    private final SecureRandom random = new SecureRandom();

    private Path write(String content) throws IOException {
        Path file = folder.resolve("written.key");
        Files.writeString(file, content);
        return Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
    }

    @Test
    void makesAKeyFileThatItsOwnerAloneReads() throws IOException {
        Path file = folder.resolve("new/seal.key");
        Sealer sealer = Sealer.readOrCreate(file, random);

        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                .isEqualTo("rw-------");
        assertThat(Base64.getDecoder().decode(Files.readString(file).strip())).hasSize(32);
        assertThat(folder.resolve("new").toFile().list()).containsExactly("seal.key");

        byte[] sealed = sealer.seal(SECRET, "totp:1");
        assertThat(Sealer.readOrCreate(file, random).open(sealed, "totp:1")).isEqualTo(SECRET);
        assertThat(sealer).hasToString("Sealer[key " + sealer.keyId() + "]");
        assertThat(sealer.keyId()).matches("[0-9a-f]{16}");
    }

    @Test
    void manyThatStartAtOnceTakeOneKey() throws Exception {
        Path file = folder.resolve("raced.key");
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<String>> ids =
                    IntStream.range(0, 16)
                            .mapToObj(
                                    _ ->
                                            threads.submit(
                                                    () ->
                                                            Sealer.readOrCreate(file, random)
                                                                    .keyId()))
                            .toList();
            for (Future<String> id : ids) {
                assertThat(id.get()).isEqualTo(ids.getFirst().get());
            }
        }
    }

    @Property(tries = 200)
    void opensWhatItSealed(@ForAll byte[] secret, @ForAll String place) throws IOException {
        Path file = Files.createTempDirectory("modunest-seal").resolve("seal.key");
        Sealer sealer = Sealer.readOrCreate(file, new SecureRandom());
        byte[] sealed = sealer.seal(secret, place);

        assertThat(sealer.open(sealed, place)).isEqualTo(secret);
        assertThat(sealed).isNotEqualTo(sealer.seal(secret, place));
        Files.delete(file);
        Files.delete(file.getParent());
    }

    @Test
    void opensAtItsPlaceAloneAndUnchanged() {
        Sealer sealer = Sealer.readOrCreate(folder.resolve("seal.key"), random);
        byte[] sealed = sealer.seal(SECRET, "totp:1");

        assertThatThrownBy(() -> sealer.open(sealed, "totp:2"))
                .isInstanceOf(Sealer.SealException.class)
                .hasMessageContaining("is not that of totp:2");
        for (int i = 0; i < sealed.length; i++) {
            byte[] changed = sealed.clone();
            changed[i] ^= 1;
            assertThatThrownBy(() -> sealer.open(changed, "totp:1"))
                    .as("byte " + i)
                    .isInstanceOf(Sealer.SealException.class);
        }
        assertThatThrownBy(() -> sealer.open(new byte[5], "totp:1"))
                .isInstanceOf(Sealer.SealException.class)
                .hasMessage("no sealed secret: 5 bytes");
    }

    @Test
    void aNewFirstLineChangesTheKey() throws IOException {
        Path file = folder.resolve("seal.key");
        Sealer old = Sealer.readOrCreate(file, random);
        byte[] sealed = old.seal(SECRET, "x");
        Path other = folder.resolve("other.key");
        Sealer stranger = Sealer.readOrCreate(other, random);
        Sealer both =
                Sealer.read(write(Files.readString(other) + "\n" + Files.readString(file)), random);

        assertThat(both.keyId()).isEqualTo(stranger.keyId()).isNotEqualTo(old.keyId());
        assertThat(both.open(sealed, "x")).isEqualTo(SECRET);
        assertThat(both.needsReseal(sealed)).isTrue();
        assertThat(both.needsReseal(new byte[3])).isTrue();
        assertThat(both.needsReseal(both.seal(SECRET, "x"))).isFalse();
        assertThatThrownBy(() -> stranger.open(sealed, "x"))
                .hasMessageContaining("sealed with the key " + old.keyId())
                .hasMessageContaining(stranger.keyId());
    }

    @ParameterizedTest
    @ValueSource(strings = {"rw-r--r--", "rw--w----", "rw-----w-"})
    void refusesAFileThatOthersRead(String permissions) throws IOException {
        Path file = folder.resolve("seal.key");
        Sealer.readOrCreate(file, random);
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString(permissions));

        assertThatThrownBy(() -> Sealer.readOrCreate(file, random))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("chmod 600");
    }

    @Test
    void itsGroupMayReadIt() throws IOException {
        Path file = folder.resolve("seal.key");
        Sealer sealer = Sealer.readOrCreate(file, random);
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("r--r-----"));

        assertThat(Sealer.read(file, random).keyId()).isEqualTo(sealer.keyId());
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "\n\n", "not base 64!", "c2hvcnQ="})
    void refusesAFileWithoutKeysAndDoesNotShowIt(String content) throws IOException {
        Path file = write(content);

        assertThatThrownBy(() -> Sealer.read(file, random))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("openssl rand -base64 32")
                .hasMessageNotContaining("c2hvcnQ");
    }

    @Test
    void tellsWhatIsWrongWithAFile() throws IOException {
        Path large = write("x".repeat(5000));
        assertThatThrownBy(() -> Sealer.read(large, random)).hasMessageContaining("no key file");
        assertThatThrownBy(() -> Sealer.read(folder.resolve("absent"), random))
                .isInstanceOf(UncheckedIOException.class)
                .hasMessageContaining("cannot be read");
        assertThatThrownBy(() -> Sealer.readOrCreate(large.resolve("below-a-file"), random))
                .isInstanceOf(UncheckedIOException.class)
                .hasMessageContaining("cannot be written");
    }
}
