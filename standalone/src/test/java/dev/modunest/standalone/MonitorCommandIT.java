package dev.modunest.standalone;

import static org.assertj.core.api.Assertions.assertThat;

import dev.modunest.standalone.monitor.FakeLog;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** {@code monitor} over the log of a registry on which somebody else is at work too. */
class MonitorCommandIT {

    @TempDir private static Path data;
    private static Platform platform;

    @TempDir private Path folder;
    private TrialHome home;

    @BeforeAll
    static void start() {
        platform = Platform.start(data, 0, 0, line -> {});
    }

    @AfterAll
    static void stop() {
        platform.close();
    }

    @BeforeEach
    void enter() {
        home = TrialHome.at(folder, platform);
    }

    @AfterEach
    void leave() {
        home.close();
    }

    private Commands monitor(String namespace, String... more) {
        List<String> arguments =
                new ArrayList<>(
                        List.of(
                                "monitor",
                                namespace,
                                "--registry",
                                platform.origin().toString(),
                                "--trusted-root",
                                platform.trust().resolve("trusted_root.json").toString()));
        arguments.addAll(List.of(more));
        return Commands.run(arguments.toArray(String[]::new));
    }

    private void publish(String coordinate, String... options) throws IOException {
        List<String> arguments = new ArrayList<>(List.of("publish"));
        arguments.addAll(List.of(options));
        arguments.add(SmallJar.write(folder, coordinate).file().toString());
        Commands published = home.run(arguments.toArray(String[]::new));
        assertThat(published.exit()).as(published.out() + published.err()).isZero();
    }

    private void certify(String namespace, String... options) {
        List<String> arguments = new ArrayList<>(List.of("cert", "request", namespace, "--claim"));
        arguments.addAll(List.of(options));
        Commands certified = home.run(arguments.toArray(String[]::new));
        assertThat(certified.exit()).as(certified.err()).isZero();
    }

    @Test
    void whatThePublisherMadeIsToldAndNotForeign() throws IOException {
        assertThat(Commands.run("keygen").exit()).isZero();
        certify("mine");
        publish("mine/tool@1.0.0");
        publish("elsewhere/tool@1.0.0", "--unsigned");

        Commands first = monitor("mine");
        Commands again = monitor("mine");

        assertThat(first.exit()).as(first.out() + first.err()).isZero();
        assertThat(first.out())
                .contains(
                        "namespace-claimed  mine",
                        "certificate-issued  mine",
                        "release-signed  mine/tool@1.0.0",
                        "release-accepted  mine/tool@1.0.0")
                .doesNotContain("elsewhere", "FOREIGN");
        assertThat(again.out()).isEqualTo("0 new entries, 0 of them in mine and not yours\n");
        publish("mine/tool@1.1.0");
        assertThat(monitor("mine").out())
                .contains("mine/tool@1.1.0", "2 new entries")
                .doesNotContain("1.0.0");
    }

    @Test
    void whatOthersMadeIsForeign() throws IOException {
        assertThat(Commands.run("keygen").exit()).isZero();
        String thief = folder.resolve("thief.pem").toString();
        String stolen = folder.resolve("stolen.pem").toString();
        assertThat(Commands.run("keygen", "--out", thief).exit()).isZero();
        certify("robbed");
        assertThat(monitor("robbed").exit()).isZero();
        certify("robbed", "--key", thief, "--out", stolen);
        publish("robbed/tool@6.6.6", "--key", thief, "--certificate", stolen);
        publish("robbed/tool@6.6.7", "--unsigned");
        assertThat(home.run("yank", "robbed/tool@6.6.6", "--reason", "not ours").exit()).isZero();

        Commands told = monitor("robbed");

        assertThat(told.exit()).isEqualTo(1);
        assertThat(untilTold(told.out(), "release-yanked"))
                .containsPattern(
                        "FOREIGN  \\d+  certificate-issued  robbed  certifies a key that is not yours")
                .containsPattern(
                        "FOREIGN  \\d+  release-signed  robbed/tool@6.6.6  signed by a key that is not yours")
                .containsPattern(
                        "FOREIGN  \\d+  release-accepted  robbed/tool@6.6.7  no publisher signed the release")
                .containsPattern(" {9}\\d+  release-yanked  robbed/tool@6.6.6");
        Commands both =
                monitor(
                        "robbed",
                        "--json",
                        "--state",
                        folder.resolve("other.json").toString(),
                        "--key",
                        stolen,
                        home.certificate("robbed").toString());
        assertThat(both.exit()).isEqualTo(1);
        assertThat(both.out().lines().filter(line -> line.contains("\"foreign\":true")))
                .singleElement()
                .asString()
                .contains("\"subject\":\"robbed/tool@6.6.7\"", "\"why\":");
    }

    /** A yank is answered before the log has it. */
    private String untilTold(String soFar, String what) {
        StringBuilder told = new StringBuilder(soFar);
        long end = System.nanoTime() + 30_000_000_000L;
        while (told.indexOf(what) < 0 && System.nanoTime() < end) {
            told.append(monitor("robbed").out());
        }
        return told.toString();
    }

    @Test
    void keysComeFromFilesOfEachKind() throws IOException {
        String key = folder.resolve("key.pem").toString();
        assertThat(Commands.run("keygen", "--out", key).exit()).isZero();
        certify("kinds", "--key", key, "--out", folder.resolve("certificate.pem").toString());
        for (String file : List.of(key, folder.resolve("certificate.pem").toString())) {
            Files.deleteIfExists(folder.resolve("state.json"));
            Commands told =
                    monitor(
                            "kinds",
                            "--key",
                            file,
                            "--state",
                            folder.resolve("state.json").toString());
            assertThat(told.exit()).as(told.out() + told.err()).isZero();
        }
        Path noKey = Files.writeString(folder.resolve("no.pem"), "nothing");
        assertThat(monitor("kinds", "--key", noKey.toString()).err())
                .contains("neither certificate nor public key");
        assertThat(monitor("kinds", "--key", folder.resolve("absent").toString()).exit())
                .isEqualTo(2);
    }

    @Test
    void aForkedLogEndsFollowingAndItsEvidenceIsKept() throws IOException {
        try (FakeLog log = new FakeLog()) {
            log.append("{}", "{}");
            List<String> arguments =
                    List.of(
                            "monitor",
                            "acme",
                            "--registry",
                            log.uri().toString(),
                            "--log-key",
                            log.key().vkey(),
                            "--state",
                            folder.resolve("fork.json").toString());
            assertThat(Commands.run(arguments.toArray(String[]::new)).exit()).isEqualTo(1);
            log.replace(0, "[]");
            List<String> following = new ArrayList<>(arguments);
            following.addAll(List.of("--follow", "--json"));

            Commands forked = Commands.run(following.toArray(String[]::new));
            Commands text = Commands.run(arguments.toArray(String[]::new));

            assertThat(forked.exit()).isEqualTo(3);
            assertThat(forked.out()).contains("\"fault\":\"forked", "\"evidence\":");
            assertThat(text.exit()).isEqualTo(3);
            assertThat(text.out()).startsWith("MISBEHAVED  the log " + FakeLog.ORIGIN);
            String evidence = text.out().substring(text.out().lastIndexOf(' ') + 1).strip();
            assertThat(Path.of(evidence)).content().contains("\"seen\":", "\"served\":");
        }
    }

    @Test
    void whatIsMissingOrDamagedIsWrongUse() throws IOException {
        Path state = Files.writeString(folder.resolve("state.json"), "{");
        assertThat(monitor("acme", "--state", state.toString()).err()).contains("is damaged");
        Path other = folder.resolve("of-other.json");
        assertThat(monitor("acme", "--state", other.toString()).exit()).isNotEqualTo(2);
        assertThat(monitor("another", "--state", other.toString()).err())
                .contains("is of the namespace acme");
        Files.writeString(
                state,
                Files.readString(other).replaceFirst("\"entries\":\"\\d+\"", "\"entries\":\"x\""));
        assertThat(monitor("acme", "--state", state.toString()).exit()).isEqualTo(2);
        assertThat(Commands.run("monitor", "acme").err()).contains("--trusted-root FILE");
        assertThat(monitor("acme", "--interval", "0").exit()).isEqualTo(2);
        assertThat(monitor("acme", "--trusted-root", state.toString()).exit()).isEqualTo(2);
        assertThat(monitor("acme", "--log-key", "localhost+1+2").exit()).isEqualTo(2);
        Commands silent =
                Commands.run(
                        "monitor",
                        "acme",
                        "--registry",
                        "http://127.0.0.1:1",
                        "--trusted-root",
                        platform.trust().resolve("trusted_root.json").toString());
        assertThat(silent.exit()).isEqualTo(2);
        assertThat(silent.err()).contains("cannot be read");
    }
}
