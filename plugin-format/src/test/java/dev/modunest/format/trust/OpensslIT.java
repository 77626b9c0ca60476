package dev.modunest.format.trust;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.modunest.format.trust.testing.ReleaseFiles;
import dev.modunest.format.trust.testing.Tool;
import dev.modunest.format.trust.testing.TrustFixture;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Files;
import java.nio.file.Path;

/** What is signed here verifies with {@code openssl}, where it is present. */
class OpensslIT {

    private static final String TIME = Long.toString(TrustFixture.NOW.getEpochSecond());

    @TempDir Path directory;

    @BeforeEach
    void writeFiles() throws Exception {
        assumeTrue(Tool.isPresent("openssl", "version"), "openssl is not present");
        TrustFixture fixture = new TrustFixture();
        ReleaseFiles.write(fixture, fixture.release(), directory);
    }

    private Tool openssl(String... arguments) throws Exception {
        String[] command = new String[arguments.length + 1];
        command[0] = "openssl";
        System.arraycopy(arguments, 0, command, 1, arguments.length);
        return Tool.run(directory, command);
    }

    @Test
    void verifiesTheChainWithTheRevocationList() throws Exception {
        Tool verified =
                openssl(
                        "verify",
                        "-x509_strict",
                        "-attime",
                        TIME,
                        "-crl_check",
                        "-CRLfile",
                        "crl.pem",
                        "-CAfile",
                        "root.pem",
                        "-untrusted",
                        "issuing.pem",
                        "publisher.pem");
        assertThat(verified.output()).contains("publisher.pem: OK");
    }

    @Test
    void verifiesTheTimeStamp() throws Exception {
        String[] verify = {
            "ts",
            "-verify",
            "-in",
            "stamp.tsr",
            "-data",
            "signature",
            "-CAfile",
            "root.pem",
            "-untrusted",
            "tsa.pem",
            "-attime",
            TIME
        };
        assertThat(openssl(verify).output()).contains("Verification: OK");
        Files.write(directory.resolve("signature"), new byte[] {1, 2, 3});
        assertThat(openssl(verify).output()).contains("Verification: FAILED");
    }

    @Test
    void verifiesTheSignature() throws Exception {
        assertThat(
                        openssl(
                                        "x509",
                                        "-in",
                                        "publisher.pem",
                                        "-pubkey",
                                        "-noout",
                                        "-out",
                                        "key.pem")
                                .exit())
                .isZero();
        String[] verify = {
            "dgst", "-sha256", "-verify", "key.pem", "-signature", "signature", "pae"
        };
        assertThat(openssl(verify).output()).contains("Verified OK");
        Files.write(directory.resolve("pae"), new byte[] {1, 2, 3});
        assertThat(openssl(verify).exit()).isNotZero();
    }
}
