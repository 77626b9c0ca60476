package dev.modunest.server.key;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.modunest.format.sign.KeyPairSigner;
import dev.modunest.format.sign.SignatureAlgorithm;
import dev.modunest.format.sign.VerifyingKey;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

class PublicKeyFilesIT {

    @TempDir private Path folder;

    @Test
    void aWrittenKeyIsReadAndNeverWrittenOver() {
        VerifyingKey key =
                VerifyingKey.of(KeyPairSigner.generate(SignatureAlgorithm.ED25519).getPublic());
        Path file = folder.resolve("key.pub");
        PublicKeyFiles.write(file, key);
        assertThat(PublicKeyFiles.read(file)).isEqualTo(key);
        assertThatThrownBy(() -> PublicKeyFiles.write(file, key)).isInstanceOf(KeyException.class);
    }

    @Test
    void whatIsNoPublicKeyIsToldWithItsFile() throws IOException {
        Path none = Files.writeString(folder.resolve("none"), "");
        assertThatThrownBy(() -> PublicKeyFiles.read(none))
                .isInstanceOf(KeyException.class)
                .hasMessageContaining("openssl pkey -pubout");
        Path garbage =
                Files.writeString(
                        folder.resolve("garbage"),
                        "-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----\n");
        assertThatThrownBy(() -> PublicKeyFiles.read(garbage)).isInstanceOf(KeyException.class);
        assertThatThrownBy(() -> PublicKeyFiles.read(folder.resolve("absent")))
                .hasMessageContaining("cannot be read");
    }
}
