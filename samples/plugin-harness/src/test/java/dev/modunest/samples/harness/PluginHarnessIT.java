package dev.modunest.samples.harness;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.modunest.loader.LoaderException;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

class PluginHarnessIT {

    private static final String ECHO = entryPoint(EchoPlugin.class);
    private static final String FAILING = entryPoint(FailingPlugin.class);

    @TempDir Path folder;

    @Test
    void runsPluginsByTheEngineAndPutsTheirAnswers() throws Exception {
        Path first = TestJars.write(folder, "first", ECHO);
        Path second =
                TestJars.write(
                        folder,
                        "second",
                        ECHO + ", \"requires\": [{\"plugin\": \"test/first\", \"range\": \"*\"}]");

        try (PluginHarness plugins = PluginHarness.start(List.of(second, first))) {
            assertThat(plugins.ask("test/first", "hi")).isEqualTo("test/first@1.0.0: hi");
            assertThat(plugins.ask("test/second", "hi")).isEqualTo("test/second@1.0.0: hi");
            assertThat(plugins.classOf("test/first", EchoPlugin.class.getName()))
                    .isNotSameAs(EchoPlugin.class)
                    .isNotSameAs(plugins.classOf("test/second", EchoPlugin.class.getName()));
        }
    }

    @Test
    void runsCopiesAndRemovesThem() throws Exception {
        Path jar = TestJars.write(folder, "echo", ECHO);
        PluginHarness plugins = PluginHarness.start(List.of(jar));
        Path copies = plugins.folder();

        assertThat(copies).isDirectoryContaining("glob:**/echo.jar");
        plugins.close();

        assertThat(copies).doesNotExist();
        assertThat(jar).exists();
    }

    @Test
    void tellsWhyAPluginDoesNotStart() throws IOException {
        Path broken = TestJars.write(folder, "broken", FAILING);

        assertThatThrownBy(() -> PluginHarness.start(List.of(broken)))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContainingAll("start-failed", "test/broken@1.0.0 is tired");
    }

    @Test
    void tellsWhatAPluginLacks() throws IOException {
        Path child =
                TestJars.write(
                        folder,
                        "child",
                        ECHO
                                + ", \"requires\": [{\"plugin\": \"test/base\", \"range\": \"^2.0\"}]");

        assertThatThrownBy(() -> PluginHarness.start(List.of(child)))
                .isInstanceOf(LoaderException.class)
                .hasMessageContaining("test/base");
    }

    @Test
    void refusesWhatIsNoPlugin() throws IOException {
        Path text = Files.writeString(folder.resolve("broken.jar"), "no jar");

        assertThatThrownBy(() -> PluginHarness.start(List.of(text)))
                .isInstanceOf(LoaderException.class)
                .hasMessageContaining("broken.jar: ");
    }

    @Test
    void saysWhatIsMissingForAnAnswer() throws Exception {
        Path library = TestJars.write(folder, "words", "\"kind\": \"library\"");

        try (PluginHarness plugins = PluginHarness.start(List.of(library))) {
            assertThatThrownBy(() -> plugins.ask("test/words", "x"))
                    .hasMessage("test/words offers no operator");
            assertThatThrownBy(() -> plugins.ask("test/other", "x"))
                    .hasMessage("test/other does not run");
        }
    }

    @Test
    void tellsThatATypeComesFromNoJar() {
        assertThatThrownBy(() -> PluginHarness.startJarsOf(String.class))
                .hasMessageStartingWith("java.lang.String was loaded from null, not from a jar");
    }

    @Test
    void startsTheJarThatATypeWasLoadedFrom() {
        assertThatThrownBy(() -> PluginHarness.startJarsOf(Test.class))
                .isInstanceOf(LoaderException.class)
                .hasMessageContaining("junit-jupiter-api");
    }

    private static String entryPoint(Class<?> type) {
        return "\"entry_point\": \"" + type.getName() + "\"";
    }
}
