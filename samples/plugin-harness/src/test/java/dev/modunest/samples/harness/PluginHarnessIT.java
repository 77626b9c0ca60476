package dev.modunest.samples.harness;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.modunest.format.PluginId;
import dev.modunest.loader.Plugin;
import dev.modunest.samples.harness.plugins.asker.AskerPlugin;
import dev.modunest.samples.harness.plugins.asker.TwicePlugin;
import dev.modunest.samples.harness.plugins.greeter.Greeter;
import dev.modunest.samples.harness.plugins.greeter.GreeterPlugin;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

class PluginHarnessIT {

    private static final String ASKER = "\"entry_point\": \"" + AskerPlugin.class.getName() + "\"";

    @TempDir Path folder;
    private Path greeter;

    @BeforeEach
    void packGreeter() throws IOException {
        greeter =
                TestJars.write(
                        folder,
                        "greeter",
                        "\"entry_point\": \"%s\", \"exports\": [\"%s\"]"
                                .formatted(
                                        GreeterPlugin.class.getName(),
                                        Greeter.class.getPackageName()),
                        List.of(Greeter.class, GreeterPlugin.class));
    }

    private Path asker(String range) throws IOException {
        return TestJars.write(
                folder,
                "asker",
                ASKER
                        + ", \"requires\": [{\"plugin\": \"test/greeter\", \"range\": \"%s\"}]"
                                .formatted(range),
                List.of(AskerPlugin.class));
    }

    @Test
    void givesAPluginTheServicesAndPackagesOfWhatItRequires() throws Exception {
        PluginHarness plugins = PluginHarness.start(List.of(greeter, asker("^1.0.0")));

        assertThat(plugins.ask("test/asker", "world"))
                .isEqualTo("hello world from test/asker@1.0.0");
        assertThat(plugins.plugins())
                .containsExactlyInAnyOrder(
                        PluginId.parse("test/greeter"), PluginId.parse("test/asker"));
        assertThat(plugins.classOf("test/asker", Greeter.class.getName()))
                .isSameAs(plugins.classOf("test/greeter", Greeter.class.getName()))
                .isNotSameAs(Greeter.class);
    }

    @Test
    void hidesWhatIsNotExportedToAPlugin() throws Exception {
        Path alone = TestJars.write(folder, "asker", ASKER, List.of(AskerPlugin.class));

        assertThatThrownBy(() -> PluginHarness.start(List.of(greeter, alone)))
                .isInstanceOf(NoClassDefFoundError.class);
    }

    @Test
    void namesThePluginThatDoesNotStop() throws Exception {
        PluginHarness plugins = PluginHarness.start(List.of(greeter));

        assertThatThrownBy(plugins::close)
                .hasMessage("test/greeter@1.0.0 did not stop")
                .hasRootCauseMessage("the greeter greets on");
    }

    @Test
    void refusesAPluginWhoseRequirementIsNotStarted() throws Exception {
        Path asker = asker("^2.0.0");

        assertThatThrownBy(() -> PluginHarness.start(List.of(greeter, asker)))
                .hasMessage(
                        "test/asker@1.0.0 requires test/greeter ^2.0.0, started are"
                                + " [test/greeter@1.0.0]")
                .satisfies(refused -> assertThat(refused.getSuppressed()).hasSize(1));
    }

    @Test
    void refusesASecondServiceOfOneType() throws Exception {
        Path twice =
                TestJars.write(
                        folder,
                        "twice",
                        "\"entry_point\": \"" + TwicePlugin.class.getName() + "\"",
                        List.of(TwicePlugin.class));

        assertThatThrownBy(() -> PluginHarness.start(List.of(twice)))
                .hasMessage("test/twice@1.0.0 already offers java.lang.String");
    }

    @Test
    void startsNothingOfALibraryAndSaysWhatIsMissing() throws Exception {
        Path library =
                TestJars.write(folder, "words", "\"kind\": \"library\"", List.of(Greeter.class));

        try (PluginHarness plugins = PluginHarness.start(List.of(library))) {
            assertThatThrownBy(() -> plugins.service("test/words", Runnable.class))
                    .hasMessage("test/words offers no java.lang.Runnable");
            assertThatThrownBy(() -> plugins.ask("test/other", "x"))
                    .hasMessage("test/other is not started");
            assertThatThrownBy(() -> plugins.classOf("test/other", "x.Y"))
                    .isInstanceOf(ClassNotFoundException.class);
        }
    }

    @Test
    void refusesABrokenJarWithItsProblems() throws IOException {
        Path broken = Files.writeString(folder.resolve("broken.jar"), "no jar");

        assertThatThrownBy(() -> PluginJar.open(broken))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith(broken + " is refused\n  ");
    }

    @Test
    void tellsThatATypeComesFromNoPluginJar() {
        assertThatThrownBy(() -> PluginHarness.startJarsOf(String.class))
                .hasMessageStartingWith("java.lang.String was loaded from null, not from a jar");
        assertThatThrownBy(() -> PluginJar.containing(Plugin.class))
                .isInstanceOf(IllegalArgumentException.class);
    }
}
