package dev.modunest.standalone;

import static org.assertj.core.api.Assertions.assertThat;

import dev.modunest.server.trust.TrustDirectory;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Map;

class CeremonyCommandIT {

    private static final String NAME = "registry.example.com";

    @TempDir private Path folder;

    private static void done(String... arguments) {
        String[] all = new String[arguments.length + 1];
        all[0] = "ceremony";
        System.arraycopy(arguments, 0, all, 1, arguments.length);
        Commands step = Commands.run(all);
        assertThat(step.exit()).as(step.err()).isZero();
        assertThat(step.out()).isNotBlank();
    }

    private String at(String name) {
        return folder.resolve(name).toString();
    }

    private TrustDirectory open(String name) {
        return TrustDirectory.open(folder.resolve(name), NAME, Map.of(), Instant.now());
    }

    @Test
    void initMakesEverythingOnce() {
        done("init", "--dir", at("trial"), "--name", NAME);

        assertThat(open("trial").names().host()).isEqualTo(NAME);
        Commands again = Commands.run("ceremony", "init", "--dir", at("trial"), "--name", NAME);
        assertThat(again.exit()).isEqualTo(1);
        assertThat(again.err()).contains("has keys already");
    }

    @Test
    void theStepsOfTheHelpMakeARegistryWhoseRootStaysOffline() {
        done("root", "--dir", at("vault"), "--name", NAME);
        for (String part : new String[] {"i1", "tsa"}) {
            done(
                    "request",
                    "--dir",
                    at("server"),
                    "--name",
                    NAME,
                    "--as",
                    part,
                    "--out",
                    at(part + ".csr"));
            done(
                    "certify",
                    "--dir",
                    at("vault"),
                    "--name",
                    NAME,
                    "--as",
                    part,
                    "--request",
                    at(part + ".csr"),
                    "--out",
                    at(part + ".crt"));
            done(
                    "install",
                    "--dir",
                    at("server"),
                    "--as",
                    part,
                    "--certificate",
                    at(part + ".crt"),
                    "--root",
                    at("vault/pki/root-r1.crt"));
        }
        done("registry", "--dir", at("server"));
        done("log", "--dir", at("server"));
        done("tuf-keys", "--dir", at("server"));
        done("tuf-keys", "--dir", at("server"), "--revocations");
        done("trusted-root", "--dir", at("server"));

        done("root-list", "--dir", at("vault"));
        done(
                "root-list",
                "--dir",
                at("vault"),
                "--revoke",
                at("i1.crt"),
                "--since",
                "2026-11-27T10:00:00Z");
        assertThat(folder.resolve("vault/pki/root-r1.crl")).isNotEmptyFile();
        assertThat(Commands.run("ceremony", "root-list", "--dir", at("server")).exit())
                .as("the root is not there")
                .isNotZero();

        assertThat(open("server").issuing().id()).isEqualTo("i1");
        assertThat(folder.resolve("server/offline")).doesNotExist();
        assertThat(folder.resolve("server/trusted_root.json")).isNotEmptyFile();
        assertThat(Files.exists(folder.resolve("vault/offline/tuf-root-5.pem"))).isTrue();
    }

    @Test
    void stepsOutOfTheirOrderAreRefused() {
        assertThat(Commands.run("ceremony").exit()).isEqualTo(2);
        assertThat(Commands.run("ceremony", "registry", "--dir", at("none")).err())
                .contains("has no trust.json");
        assertThat(Commands.run("ceremony", "root", "--dir", at("x"), "--name", "a b").err())
                .contains("host name");
        assertThat(
                        Commands.run(
                                        "ceremony",
                                        "request",
                                        "--dir",
                                        at("x"),
                                        "--name",
                                        NAME,
                                        "--as",
                                        "other",
                                        "--out",
                                        at("y"))
                                .err())
                .contains("i1, i2 and so on");
    }
}
