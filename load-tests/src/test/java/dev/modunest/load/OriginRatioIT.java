package dev.modunest.load;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.Map;

class OriginRatioIT {

    private static final Map<String, String> CREDENTIALS =
            Map.of("AWS_ACCESS_KEY_ID", "key", "AWS_SECRET_ACCESS_KEY", "secret");

    @TempDir Path folder;

    private final Map<String, String> options = new HashMap<>();
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();

    private Path wrk(String script) throws IOException {
        Path wrk = Files.writeString(folder.resolve("wrk"), "#!/bin/sh\n" + script + "\n");
        return Files.setPosixFilePermissions(wrk, PosixFilePermissions.fromString("rwx------"));
    }

    private int compare(FakeRegistry registry, Map<String, String> environment) throws IOException {
        options.put("registry", registry.url());
        options.put("s3", registry.url());
        options.put("token-file", Files.writeString(folder.resolve("tokens"), "mnt_a").toString());
        PrintStream print = new PrintStream(out, true, StandardCharsets.UTF_8);
        return OriginRatio.run(
                new OptionReader(options::get),
                environment::get,
                InstantSource.system(),
                print,
                print);
    }

    private String printed() {
        return out.toString(StandardCharsets.UTF_8);
    }

    private void useWrk(String script) throws IOException {
        options.put("wrk", wrk(script).toString());
    }

    private void useRates() throws IOException {
        useWrk(
                """
                for url; do :; done
                case "$url" in
                */modunest/artifacts/sha256/*X-Amz-Signature=*) echo "Requests/sec:    200.00" ;;
                */artifacts/sha256/*) echo "Requests/sec:    180.00" ;;
                esac
                """);
    }

    @Test
    void printsTheRatioOfEverySize() throws IOException {
        useRates();
        options.put("min-ratio", "0.85");
        try (FakeRegistry registry = new FakeRegistry(0)) {
            assertThat(compare(registry, CREDENTIALS)).isZero();
        }
        assertThat(printed().lines())
                .containsExactly(
                        "     65,536 bytes  origin     180.0/s  s3     200.0/s  ratio 0.90",
                        "  1,048,576 bytes  origin     180.0/s  s3     200.0/s  ratio 0.90",
                        " 20,971,520 bytes  origin     180.0/s  s3     200.0/s  ratio 0.90");
    }

    @Test
    void failsWhenARatioIsTooLow() throws IOException {
        useRates();
        options.put("min-ratio", "0.95");
        try (FakeRegistry registry = new FakeRegistry(0)) {
            assertThat(compare(registry, CREDENTIALS)).isEqualTo(1);
        }
    }

    @Test
    void countsNoRunWithFailedRequests() throws IOException {
        useWrk("echo 'Requests/sec: 9'; echo '  Non-2xx or 3xx responses: 7'");
        try (FakeRegistry registry = new FakeRegistry(0)) {
            assertThat(compare(registry, CREDENTIALS)).isEqualTo(2);
        }
        assertThat(printed()).endsWith(": Non-2xx or 3xx responses: 7\n");
    }

    @Test
    void saysThatWrkReportsNothing() throws IOException {
        useWrk("echo unknown option");
        try (FakeRegistry registry = new FakeRegistry(0)) {
            assertThat(compare(registry, CREDENTIALS)).isEqualTo(2);
        }
        assertThat(printed()).endsWith(" reported no requests: unknown option\n");
    }

    @Test
    void saysThatWrkIsMissing() throws IOException {
        options.put("wrk", folder.resolve("none").toString());
        try (FakeRegistry registry = new FakeRegistry(0)) {
            assertThat(compare(registry, CREDENTIALS)).isEqualTo(2);
        }
        assertThat(printed())
                .endsWith("does not start; install it (Debian: apt-get install wrk)\n");
    }

    @Test
    void saysThatCredentialsAreMissing() throws IOException {
        try (FakeRegistry registry = new FakeRegistry(0)) {
            assertThat(compare(registry, Map.of())).isEqualTo(2);
        }
        assertThat(printed())
                .isEqualTo("the environment has no AWS_ACCESS_KEY_ID, which reads the bucket\n");
    }

    @Test
    void saysThatThePublishFailed() throws IOException {
        useRates();
        try (FakeRegistry registry = new FakeRegistry(0, FakeRegistry.Fault.RATE_LIMITED)) {
            assertThat(compare(registry, CREDENTIALS)).isEqualTo(2);
        }
        assertThat(printed()).endsWith("/1.0.0 answered 429 to a publish\n");
    }

    @Test
    void saysThatNobodyAnswers() throws IOException {
        useRates();
        FakeRegistry gone = new FakeRegistry(0);
        gone.close();

        assertThat(compare(gone, CREDENTIALS)).isEqualTo(2);
        assertThat(printed()).startsWith("nobody answers at 127.0.0.1:");
    }
}
