package dev.modunest.server.key;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.modunest.format.sign.KeyPairSigner;
import dev.modunest.format.sign.SignatureAlgorithm;
import dev.modunest.format.sign.Signer;
import dev.modunest.server.x509.CertificateProfile;
import dev.modunest.server.x509.RegistryNames;

import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.KeyPair;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

class KeyStorageIT {

    private static final byte[] MESSAGE = "message".getBytes(StandardCharsets.UTF_8);
    private static final Passphrase NONE = new Passphrase.None();

    @TempDir private Path folder;

    private final KeyStorage storage = new KeyStorage(Map.of("PASS", "correct horse"));

    private static KeyPair p256() {
        return KeyPairSigner.generate(SignatureAlgorithm.ECDSA_P256);
    }

    private void assertSigns(Signer signer, KeyPair pair) {
        assertThat(signer.key().publicKey().getEncoded()).isEqualTo(pair.getPublic().getEncoded());
        assertThat(signer.key().verify(MESSAGE, signer.sign(MESSAGE))).isTrue();
    }

    private void assertRefuses(String location, Passphrase passphrase, String words) {
        assertThatExceptionOfType(KeyException.class)
                .isThrownBy(() -> storage.open(KeyLocation.parse(location, folder), passphrase))
                .withMessageContaining(words);
    }

    @ParameterizedTest
    @EnumSource(SignatureAlgorithm.class)
    void aKeyOfEveryAlgorithmIsReadBackAsItWasWritten(SignatureAlgorithm algorithm) {
        KeyPair pair = KeyPairSigner.generate(algorithm);
        KeyFiles.writePem(folder.resolve("key.pem"), pair, Optional.empty());

        assertSigns(storage.open(KeyLocation.parse("key.pem", folder), NONE), pair);
    }

    @ParameterizedTest
    @EnumSource(SignatureAlgorithm.class)
    void anEncryptedKeyIsOpenedByTheVariableOrTheFileOfItsPassphrase(SignatureAlgorithm algorithm) {
        KeyPair pair = KeyPairSigner.generate(algorithm);
        Path file = folder.resolve("key.pem");
        KeyFiles.writePem(file, pair, Optional.of("correct horse".toCharArray()));
        OwnFiles.create(folder.resolve("pass"), "correct horse\n".getBytes(StandardCharsets.UTF_8));
        KeyLocation location = new KeyLocation.PemFile(file);

        assertThat(file).content().contains("BEGIN ENCRYPTED PRIVATE KEY");
        assertSigns(storage.open(location, new Passphrase.OfVariable("PASS")), pair);
        assertSigns(storage.open(location, new Passphrase.OfFile(folder.resolve("pass"))), pair);
        assertSigns(storage.open(location, new Passphrase.Typed("correct horse")), pair);
        assertRefuses("key.pem", NONE, "is encrypted; name the variable or the file");
        assertRefuses("key.pem", new Passphrase.Typed("wrong"), "cannot be decrypted");
        assertRefuses("key.pem", new Passphrase.OfVariable("UNSET"), "variable UNSET");
    }

    @Test
    void keysAreWrittenForTheirOwnerAloneAndNeverOver() throws IOException {
        Path file = folder.resolve("deep/key.pem");
        KeyFiles.writePem(file, p256(), Optional.empty());

        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                .isEqualTo("rw-------");
        assertThatExceptionOfType(KeyException.class)
                .isThrownBy(() -> KeyFiles.writePem(file, p256(), Optional.empty()))
                .withMessageContaining("is there already");
    }

    @ParameterizedTest
    @CsvSource({"rw-r-----", "rw----r--", "rw--w----"})
    void aKeyThatOthersMayReadIsRefusedWithTheFix(String permissions) throws IOException {
        Path file = folder.resolve("key.pem");
        KeyFiles.writePem(file, p256(), Optional.empty());
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString(permissions));

        assertRefuses("key.pem", NONE, "chmod 600 " + file);
    }

    @Test
    void aPkcs12IsOpenedByItsAlias() {
        KeyPair pair = p256();
        Path file = folder.resolve("key.p12");
        KeyFiles.writePkcs12(
                file,
                "tsa",
                pair,
                List.of(
                        CertificateProfile.root(
                                new RegistryNames("localhost"),
                                new KeyPairSigner(pair),
                                Instant.parse("2026-11-01T10:00:00Z"))),
                "correct horse".toCharArray());
        Passphrase passphrase = new Passphrase.OfVariable("PASS");

        assertSigns(storage.open(KeyLocation.parse("key.p12#tsa", folder), passphrase), pair);
        assertRefuses("key.p12#other", passphrase, "no private key other");
        assertRefuses("key.p12#", passphrase, "append #ALIAS");
        assertRefuses("key.p12#tsa", NONE, "is encrypted");
        assertRefuses("key.p12#tsa", new Passphrase.Typed("wrong"), "cannot be opened");
    }

    @ParameterizedTest
    @CsvSource({
        "'', no private key as PKCS#8",
        "'-----BEGIN EC PRIVATE KEY-----\nAAAA\n-----END EC PRIVATE KEY-----', openssl pkcs8 -topk8",
        "'-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----', no private key as PKCS#8",
        "'-----BEGIN PRIVATE KEY-----\nA\n-----END PRIVATE KEY-----', is no PEM",
        "'-----BEGIN ENCRYPTED PRIVATE KEY-----\nAAAA\n-----END ENCRYPTED PRIVATE KEY-----', cannot be decrypted"
    })
    void whatIsNoKeyIsRefused(String content, String words) {
        OwnFiles.create(folder.resolve("key.pem"), content.getBytes(StandardCharsets.UTF_8));

        assertRefuses("key.pem", new Passphrase.Typed("any"), words);
    }

    @Test
    void whatIsNotThereIsNamed() {
        assertRefuses("none.pem", NONE, "none.pem is not there");
        assertRefuses("pkcs11:hsm.cfg#key", NONE, "hsm.cfg cannot be read");
        assertRefuses("pkcs11:hsm.cfg", NONE, "append #ALIAS");
        assertRefuses(
                "none.pem", new Passphrase.OfFile(folder.resolve("pass")), "pass is not there");
    }

    @Test
    void anEmptyPassphraseFileIsRefused() {
        OwnFiles.create(folder.resolve("pass"), new byte[0]);

        assertRefuses(
                "key.pem", new Passphrase.OfFile(folder.resolve("pass")), "no passphrase in its");
    }

    @Test
    void anRsaKeyIsRefused() throws Exception {
        KeyPair rsa = java.security.KeyPairGenerator.getInstance("RSA").generateKeyPair();
        KeyFiles.writePem(folder.resolve("key.pem"), rsa, Optional.empty());

        assertRefuses("key.pem", NONE, "none of Ed25519, ECDSA P-256 and ML-DSA-44");
    }

    @Test
    void passphrasesAreNotPrinted() {
        assertThat(new Passphrase.Typed("correct horse")).hasToString("Typed[****]");
    }

    @ParameterizedTest
    @CsvSource({"-v2 aes-256-cbc", "-v2 aes-128-cbc -v2prf hmacWithSHA512"})
    void whatOpensslEncryptsIsOpened(String options) throws Exception {
        Assumptions.assumeTrue(Files.isExecutable(Path.of("/usr/bin/openssl")));
        KeyPair pair = p256();
        KeyFiles.writePem(folder.resolve("plain.pem"), pair, Optional.empty());
        ProcessBuilder command =
                new ProcessBuilder(
                                ("openssl pkcs8 -topk8 -in plain.pem -out key.pem -passout env:PASS "
                                                + options)
                                        .split(" "))
                        .directory(folder.toFile())
                        .redirectErrorStream(true)
                        .redirectOutput(folder.resolve("log").toFile());
        command.environment().put("PASS", "correct horse");
        assertThat(command.start().waitFor()).isZero();
        Files.setPosixFilePermissions(
                folder.resolve("key.pem"), PosixFilePermissions.fromString("rw-------"));

        assertSigns(
                storage.open(
                        KeyLocation.parse("key.pem", folder), new Passphrase.OfVariable("PASS")),
                pair);
    }
}
