package dev.modunest.standalone;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;

/** {@code ./modunest plugins} on a host that {@code ./modunest load --keep} started. */
class PluginsCommandIT {

    @TempDir private static Path folder;
    private static Process host;

    @BeforeAll
    static void start() throws IOException {
        SmallJar.write(folder, "a/one@1.0.0");
        SmallJar.write(folder, "a/two@1.0.0");
        host =
                new ProcessBuilder(
                                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                                "-cp",
                                System.getProperty("java.class.path"),
                                Main.class.getName(),
                                "load",
                                folder.toString(),
                                "--keep")
                        .redirectErrorStream(true)
                        .start();
        BufferedReader output = host.inputReader(StandardCharsets.UTF_8);
        String line = output.readLine();
        while (line != null && !line.contains("Ctrl-C stops them")) {
            line = output.readLine();
        }
        assertThat(line).as("the host runs").isNotNull();
    }

    @AfterAll
    static void stop() throws InterruptedException {
        host.toHandle().destroy();
        if (!host.waitFor(30, TimeUnit.SECONDS)) {
            host.destroyForcibly();
        }
    }

    private static Commands plugins(String command, String... arguments) {
        String[] all = new String[arguments.length + 3];
        all[0] = "plugins";
        all[1] = command;
        all[2] = folder.toString();
        System.arraycopy(arguments, 0, all, 3, arguments.length);
        return Commands.run(all);
    }

    @Test
    void listsReloadsAndExplains() {
        assertThat(plugins("list").out()).contains("a/one@1.0.0", "a/two@1.0.0");
        assertThat(plugins("list", "--json").out()).startsWith("{\"plugins\":[{\"plugin\":\"a/");
        assertThat(plugins("reload", "a/one", "--json").out())
                .contains("\"done\":true", "\"stopped\":[\"a/one@1.0.0\"]");
        assertThat(plugins("why", "a/one").out()).contains("a/one@1.0.0 was chosen by the lock");
        assertThat(plugins("doctor").exit()).isZero();
    }

    @Test
    void refusesWhatDoesNotRun() {
        Commands refused = plugins("unload", "a/none");
        assertThat(refused.exit()).isEqualTo(1);
        assertThat(refused.out()).contains("a/none does not run here");
    }

    @Test
    void saysThatNoHostRuns(@TempDir Path other) throws IOException {
        Path nowhere = Files.createDirectory(other.resolve("nowhere"));
        Commands none = Commands.run("plugins", "list", nowhere.toString());
        assertThat(none.exit()).isEqualTo(1);
        assertThat(none.err()).contains("no host runs on", "load --keep");
    }

    @Test
    void asksWhatAboutThePlugins() {
        Commands bare = Commands.run("plugins");
        assertThat(bare.exit()).isEqualTo(2);
        assertThat(bare.err()).contains("list, reload, unload, why, rollback or doctor");
    }
}
