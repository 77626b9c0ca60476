package dev.modunest.loader;

import static org.assertj.core.api.Assertions.assertThat;

import dev.modunest.loader.testing.TestPlugin;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.lang.module.ModuleDescriptor;
import java.lang.module.ModuleFinder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.spi.ToolProvider;

/** The jar that hosts embed, as they use it: as a module, and beside what they have themselves. */
class AllInOneJarIT {

    private static final Map<String, String> HOST =
            Map.of(
                    "module-info.java",
                    """
                    module host.app {
                        requires dev.modunest.loader;
                    }
                    """,
                    "host/app/Main.java",
                    """
                    package host.app;

                    import dev.modunest.format.PluginId;
                    import dev.modunest.loader.*;
                    import java.nio.file.Path;
                    import java.util.function.UnaryOperator;

                    public final class Main {
                        public static void main(String[] arguments) throws Exception {
                            Path folder = Path.of(arguments[0]);
                            LoaderOptions options =
                                    LoaderOptions.in(folder.resolve("cache"))
                                            .trust(TrustOptions.unverified())
                                            .build();
                            try (PluginLoader loader = PluginLoader.open(options)) {
                                LoadReport report = loader.loadDirectory(folder);
                                report.failures().forEach(System.out::println);
                                loader.plugin(PluginId.parse("a/x"))
                                        .flatMap(plugin -> plugin.service(UnaryOperator.class))
                                        .ifPresent(shout -> System.out.println(shout.apply("hello")));
                                System.out.println(PluginLoader.class.getModule());
                            }
                        }
                    }
                    """);

    @TempDir private Path folder;

    private static Path jar() throws IOException {
        try (var jars = Files.newDirectoryStream(Path.of("target"), "loader-engine-*-all.jar")) {
            return jars.iterator().next().toAbsolutePath();
        }
    }

    @Test
    void holdsNoPackageThatAHostMayHaveItself() throws IOException {
        try (JarFile jar = new JarFile(jar().toFile())) {
            assertThat(jar.stream().map(JarEntry::getName).filter(name -> name.endsWith(".class")))
                    .isNotEmpty()
                    .allMatch(
                            name ->
                                    name.startsWith("dev/modunest/format/")
                                            || name.startsWith("dev/modunest/loader/")
                                            || name.equals("module-info.class"));
            assertThat(jar.stream().map(JarEntry::getName))
                    .filteredOn(
                            name -> name.startsWith("META-INF/services/") && !name.endsWith("/"))
                    .isNotEmpty()
                    .allMatch(name -> name.startsWith("META-INF/services/dev.modunest."));
        }
    }

    @Test
    void exportsItsInterfaceAlone() throws IOException {
        ModuleDescriptor module =
                ModuleFinder.of(jar()).find("dev.modunest.loader").orElseThrow().descriptor();
        assertThat(module.isAutomatic()).isFalse();
        assertThat(module.exports())
                .extracting(ModuleDescriptor.Exports::source)
                .contains("dev.modunest.loader", "dev.modunest.format")
                .noneMatch(name -> name.contains("shaded") || name.contains("lifecycle"));
    }

    @Test
    void servesAModularHost() throws Exception {
        assertThat(run("-p", jar() + System.getProperty("path.separator") + host(), "-m"))
                .contains("HELLO", "module dev.modunest.loader");
    }

    @Test
    void servesAHostOnTheClassPath() throws Exception {
        assertThat(run("-cp", jar() + System.getProperty("path.separator") + host()))
                .contains("HELLO")
                .anyMatch(line -> line.startsWith("unnamed module"));
    }

    /** The compiled host. */
    private Path host() throws IOException {
        Path sources = Files.createDirectories(folder.resolve("sources"));
        Path classes = folder.resolve("classes");
        List<String> command =
                new ArrayList<>(List.of("-p", jar().toString(), "-d", classes.toString()));
        for (Map.Entry<String, String> source : HOST.entrySet()) {
            Path file = sources.resolve(source.getKey());
            Files.createDirectories(file.getParent());
            command.add(Files.writeString(file, source.getValue()).toString());
        }
        int failures =
                ToolProvider.findFirst("javac")
                        .orElseThrow()
                        .run(System.out, System.err, command.toArray(String[]::new));
        assertThat(failures).isZero();
        return classes;
    }

    private List<String> run(String... path) throws IOException, InterruptedException {
        Path plugins = Files.createDirectories(folder.resolve("plugins"));
        TestPlugin.of("a/x@1.0.0")
                .startingUnrecorded(
                        """
                        java.util.function.UnaryOperator<String> shout = String::toUpperCase;
                        context.provide(java.util.function.UnaryOperator.class, shout);
                        """)
                .writeTo(plugins);
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(List.of(path));
        boolean modular = command.getLast().equals("-m");
        command.add(modular ? "host.app/host.app.Main" : "host.app.Main");
        command.add(plugins.toString());
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String text = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
        assertThat(process.exitValue()).as(text).isZero();
        return text.lines().toList();
    }
}
