package dev.modunest.loader.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.modunest.loader.testing.FakeRegistry;
import dev.modunest.loader.testing.TestPlugin;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import picocli.CommandLine;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;

/** The commands on a folder that no host runs on. */
class FolderCommandsIT {

    @TempDir private Path folder;
    private final TestPlugin first = TestPlugin.of("a/x@1.0.0");
    private final TestPlugin second = TestPlugin.of("a/x@1.1.0");
    private FakeRegistry registry;

    @BeforeEach
    void open() throws IOException {
        registry = new FakeRegistry(first);
        install("a/x");
    }

    @AfterEach
    void close() {
        registry.close();
    }

    private void install(String... arguments) {
        String[] all = new String[arguments.length + 7];
        all[0] = "install";
        all[1] = "--into";
        all[2] = folder.toString();
        all[3] = "--registry";
        all[4] = registry.uri().toString();
        all[5] = "--trust";
        all[6] = "unverified";
        System.arraycopy(arguments, 0, all, 7, arguments.length);
        run(0, all);
    }

    private static String run(int exitCode, String... arguments) {
        CommandLine commands = LoaderCommand.create();
        StringWriter out = new StringWriter();
        commands.setOut(new PrintWriter(out));
        commands.setErr(new PrintWriter(out));
        int code = commands.execute(arguments);
        assertThat(code).as(out.toString()).isEqualTo(exitCode);
        return out.toString();
    }

    @Test
    void goesBackToWhatWasInstalledBefore() throws IOException {
        registry.add(second);
        install("--update");
        Path lock = folder.resolve("modunest.lock.json");
        assertThat(lock).content().contains("1.1.0");
        assertThat(run(0, "rollback", folder.toString())).contains("The former lock is in place");
        assertThat(lock).content().contains("1.0.0").doesNotContain("1.1.0");
        assertThat(run(1, "rollback", folder.toString())).contains("nothing was installed before");
    }

    @Test
    void tellsMachinesWhereItWentBackTo() {
        registry.add(second);
        install("--update");
        assertThat(run(0, "rollback", folder.toString(), "--json"))
                .contains("{\"done\":true,\"generation\":1}");
    }

    @Test
    void findsWhatIsMissingAndWhatIsDamaged() throws IOException {
        assertThat(run(0, "doctor", folder.toString()))
                .contains("1 of 1 artifacts are in the cache, whole", "note  no host runs here");
        String hex = first.digest().hex();
        Path artifact =
                folder.resolve("sha256").resolve(hex.substring(0, 2)).resolve(hex.substring(2));
        Files.writeString(artifact, "other");
        assertThat(run(1, "doctor", folder.toString(), "--json"))
                .contains("\"well\":false", "\"state\":\"bad\"", "a/x@1.0.0 is damaged");
        Files.delete(artifact);
        assertThat(run(0, "doctor", folder.toString()))
                .contains("note  a/x@1.0.0 is not in the cache");
        Files.writeString(folder.resolve("modunest.lock.json"), "{");
        assertThat(run(1, "doctor", folder.toString())).contains("BAD   ");
    }

    @Test
    void saysThatNoHostRuns() {
        assertThat(run(1, "list", folder.toString())).contains("start one with load --keep");
        for (String command : new String[] {"reload", "unload", "why"}) {
            assertThat(run(1, command, folder.toString(), "a/x")).contains("no host runs on");
        }
    }

    @Test
    void everyCommandTakesHelpAndJson() {
        for (String command :
                new String[] {"list", "reload", "unload", "why", "rollback", "doctor"}) {
            assertThat(run(0, command, "--help")).contains("--json", "DIR");
        }
    }
}
