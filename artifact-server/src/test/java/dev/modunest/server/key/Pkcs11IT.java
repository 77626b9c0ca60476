package dev.modunest.server.key;

import static org.assertj.core.api.Assertions.assertThat;

import dev.modunest.format.sign.SignatureAlgorithm;
import dev.modunest.format.sign.VerifyingKey;

import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.List;

/** Keys of a token, which SoftHSM is; needs {@code softhsm2-util} and is skipped without it. */
class Pkcs11IT {

    private static final Path TOOL = Path.of("/usr/bin/softhsm2-util");
    private static final Path LIBRARY = Path.of("/usr/lib/softhsm/libsofthsm2.so");
    private static final String PIN = "1234567";

    @TempDir private Path folder;

    @BeforeEach
    void makeToken() throws Exception {
        Assumptions.assumeTrue(Files.isExecutable(TOOL) && Files.isReadable(LIBRARY));
        Files.createDirectory(folder.resolve("tokens"));
        Files.writeString(
                folder.resolve("softhsm2.conf"),
                "directories.tokendir = " + folder.resolve("tokens") + "\n");
        Files.writeString(
                folder.resolve("hsm.cfg"),
                "name = trial\nlibrary = " + LIBRARY + "\nslotListIndex = 0\n");
        run(
                PIN,
                List.of(
                        TOOL.toString(),
                        "--init-token",
                        "--free",
                        "--label",
                        "trial",
                        "--so-pin",
                        "76543210",
                        "--pin",
                        PIN));
    }

    private static String java(String tool) {
        return Path.of(System.getProperty("java.home"), "bin", tool).toString();
    }

    private void generate(String alias, String... kind) throws Exception {
        List<String> command =
                new java.util.ArrayList<>(
                        List.of(
                                java("keytool"),
                                "-genkeypair",
                                "-alias",
                                alias,
                                "-dname",
                                "CN=trial",
                                "-keystore",
                                "NONE",
                                "-storetype",
                                "PKCS11",
                                "-providerclass",
                                "sun.security.pkcs11.SunPKCS11",
                                "-providerarg",
                                folder.resolve("hsm.cfg").toString(),
                                "-storepass",
                                PIN));
        command.addAll(List.of(kind));
        run(PIN, command);
    }

    private List<String> run(String pin, List<String> command)
            throws IOException, InterruptedException {
        Path out = folder.resolve("out");
        ProcessBuilder process =
                new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(out.toFile());
        process.environment().put("SOFTHSM2_CONF", folder.resolve("softhsm2.conf").toString());
        process.environment().put("PIN", pin);
        assertThat(process.start().waitFor()).as(Files.readString(out)).isZero();
        return Files.readAllLines(out);
    }

    private List<String> sign(String pin, String alias) throws Exception {
        return run(
                pin,
                List.of(
                        java("java"),
                        "-XX:TieredStopAtLevel=1",
                        "-cp",
                        System.getProperty("java.class.path"),
                        Pkcs11Probe.class.getName(),
                        "pkcs11:" + folder.resolve("hsm.cfg") + "#" + alias,
                        "message"));
    }

    @Test
    void aKeyOfATokenSignsAndIsNeverOutsideOfIt() throws Exception {
        generate("tsa", "-keyalg", "EC", "-groupname", "secp256r1");

        List<String> signed = sign(PIN, "tsa");

        VerifyingKey key = VerifyingKey.ofSpki(HexFormat.of().parseHex(signed.get(0)));
        assertThat(key.algorithm()).isEqualTo(SignatureAlgorithm.ECDSA_P256);
        assertThat(
                        key.verify(
                                "message".getBytes(StandardCharsets.UTF_8),
                                HexFormat.of().parseHex(signed.get(1))))
                .isTrue();
        assertThat(sign(PIN, "absent")).singleElement().asString().startsWith("refused: ");
        assertThat(sign("0000000", "tsa")).singleElement().asString().contains("opens no token");
    }

    @Test
    void aKeyOfAnotherKindIsRefused() throws Exception {
        generate("rsa", "-keyalg", "RSA", "-keysize", "3072");
        assertThat(sign(PIN, "rsa")).singleElement().asString().startsWith("refused: ");
    }
}
