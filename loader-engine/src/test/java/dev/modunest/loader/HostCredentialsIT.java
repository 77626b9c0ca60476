package dev.modunest.loader;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

class HostCredentialsIT {

    private static final String ID = "0b8f4d1e-8a53-4c39-9d2a-7f0b1d6c2e11";

    @TempDir private Path home;

    private static HostCredentials host(URI... origins) {
        return new HostCredentials(
                ID,
                "build-7",
                URI.create("https://registry.example"),
                Set.of(origins),
                HostKey.generate());
    }

    private static void assertRefused(ThrowingCallable read, String code, String text) {
        assertThatThrownBy(read)
                .isInstanceOfSatisfying(
                        LoaderException.class,
                        refused -> assertThat(refused.code()).isEqualTo(code))
                .hasMessageContaining(text);
    }

    @Test
    void readsWhatItWrote() throws IOException {
        HostCredentials host = host(URI.create("https://Registry.example/api"));
        host.store(home);
        HostCredentials read = HostCredentials.in(home);
        assertThat(read.host()).isEqualTo(ID);
        assertThat(read.name()).isEqualTo("build-7");
        assertThat(read.issuer()).isEqualTo(host.issuer());
        assertThat(read.origins()).containsExactly(URI.create("https://registry.example:443"));
        assertThat(read.key().publicKey()).isEqualTo(host.key().publicKey());
        byte[] content = "x".getBytes(StandardCharsets.UTF_8);
        assertThat(read.key().sign(content)).isEqualTo(host.key().sign(content));
    }

    @Test
    void keepsFilesForTheirOwnerAlone() throws IOException {
        host().store(home);
        try (Stream<Path> files = Files.list(home)) {
            List<Path> all = files.toList();
            assertThat(all).hasSize(2);
            for (Path file : all) {
                assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                        .isEqualTo("rw-------");
            }
        }
        Path key = home.resolve("key.pem");
        Files.setPosixFilePermissions(key, PosixFilePermissions.fromString("rw-r-----"));
        assertRefused(() -> HostCredentials.in(home), "host-key-unusable", "chmod 600 " + key);
    }

    @Test
    void writesAKeyThatOtherToolsRead() throws IOException {
        HostKey key = HostKey.generate();
        key.store(home.resolve("key.pem"));
        assertThat(Files.readAllLines(home.resolve("key.pem")))
                .hasSize(6)
                .startsWith("-----BEGIN PRIVATE KEY-----")
                .contains("-----BEGIN PUBLIC KEY-----");
        assertThat(key.publicKey()).hasSize(32);
    }

    @Test
    void printsNoSecret() throws IOException {
        HostCredentials host = host();
        host.key().store(home.resolve("key.pem"));
        String secret = Files.readAllLines(home.resolve("key.pem")).get(1);
        assertThat(host.toString())
                .contains("build-7")
                .contains("HostKey[")
                .doesNotContain(secret.substring(22));
    }

    @Test
    void refusesKeysThatAreNone() throws IOException {
        HostKey one = HostKey.generate();
        Path file = home.resolve("key.pem");
        assertRefused(() -> HostKey.load(file), "host-key-unusable", "host enrol");
        one.store(file);
        String good = Files.readString(file);
        HostKey.generate().store(file);
        String other = Files.readString(file);
        String swapped =
                good.substring(0, good.indexOf("-----BEGIN PUBLIC"))
                        + other.substring(other.indexOf("-----BEGIN PUBLIC"));
        Files.writeString(file, swapped);
        assertRefused(() -> HostKey.load(file), "host-key-unusable", "no pair");
        Files.writeString(file, good.substring(0, good.indexOf("-----BEGIN PUBLIC")));
        assertRefused(() -> HostKey.load(file), "host-key-unusable", "it has no PUBLIC KEY");
        Files.writeString(file, good.replace("MC", "AA"));
        assertRefused(() -> HostKey.load(file), "host-key-unusable", "enrol the host again");
        Files.delete(file);
        Files.createDirectory(file);
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
        assertRefused(() -> HostKey.load(file), "host-key-unusable", "cannot be read");
    }

    @Test
    void refusesCredentialsThatAreNone() throws IOException {
        assertRefused(() -> HostCredentials.in(home), "host-not-enrolled", "enrolment code");
        host(URI.create("https://registry.example")).store(home);
        Path file = home.resolve("host.json");
        String good = Files.readString(file);
        for (String damaged :
                List.of(
                        "",
                        "{",
                        "{}",
                        good.replace(ID, "1-1-1-1-1"),
                        good.replace(ID, "../../etc"),
                        good.replace("\"https://registry.example\"", "\"file:/etc/passwd\""),
                        good.replace("https://registry.example:443", "ftp://x"))) {
            Files.writeString(file, damaged);
            assertRefused(
                    () -> HostCredentials.in(home),
                    "host-credentials-unusable",
                    "enrol the host again");
        }
        Files.delete(file);
        Files.createDirectory(file);
        assertRefused(
                () -> HostCredentials.in(home), "host-credentials-unusable", "cannot be read");
    }

    @Test
    void tokensGoToItsOriginsAndNowhereElse() {
        HostCredentials host =
                host(URI.create("https://registry.example"), URI.create("http://edge:8081/x"));
        for (String there :
                List.of(
                        "https://registry.example/index/a/b",
                        "https://REGISTRY.example:443/",
                        "http://edge:8081/artifacts")) {
            assertThat(host.mayGoTo(URI.create(there))).as(there).isTrue();
        }
        for (String elsewhere :
                List.of(
                        "http://registry.example/",
                        "https://registry.example:8443/",
                        "https://registry.example.evil.example/",
                        "https://evil.example/?https://registry.example/",
                        "https://registry.example@evil.example/",
                        "http://edge/",
                        "https://edge:8081/",
                        "mailto:registry.example")) {
            assertThat(host.mayGoTo(URI.create(elsewhere))).as(elsewhere).isFalse();
        }
        assertThat(host.withEdge(URI.create("http://edge")).mayGoTo(URI.create("http://edge:80/")))
                .isTrue();
    }
}
