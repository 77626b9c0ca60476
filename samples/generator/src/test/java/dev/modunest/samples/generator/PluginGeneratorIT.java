package dev.modunest.samples.generator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.modunest.format.ArchiveLimits;
import dev.modunest.format.Dependency;
import dev.modunest.format.Digest;
import dev.modunest.format.Inspection;
import dev.modunest.format.Manifest;
import dev.modunest.format.PluginArchive;
import dev.modunest.samples.harness.PluginHarness;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.lang.classfile.ClassFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;

class PluginGeneratorIT {

    private static final int COUNT = 60;

    @TempDir Path folder;

    @Test
    void writesTheSameBytesForTheSameSeedAndOthersForAnother() throws IOException {
        List<Digest> first = digests(generate("first", 7));
        List<Digest> second = digests(generate("second", 7));
        List<Digest> other = digests(generate("other", 8));

        assertThat(second).isEqualTo(first).doesNotHaveDuplicates();
        assertThat(other).doesNotContainAnyElementsOf(first);
    }

    @Test
    void passesTheArchiveInspectionAndReportsWhatIsInside() throws IOException {
        for (GeneratedPlugin plugin : generate("jars", 1)) {
            Manifest manifest = inspected(plugin.path());

            assertThat(manifest.coordinate()).isEqualTo(plugin.coordinate());
            assertThat(manifest.requires()).isEqualTo(plugin.requires());
            assertThat(plugin.size()).isEqualTo(Files.size(plugin.path()));
        }
    }

    private static Manifest inspected(Path jar) throws IOException {
        try (InputStream bytes = Files.newInputStream(jar)) {
            return switch (PluginArchive.inspect(bytes, ArchiveLimits.DEFAULT)) {
                case Inspection.Accepted accepted -> accepted.manifest();
                case Inspection.Refused refused -> throw new AssertionError(jar + ": " + refused);
            };
        }
    }

    @Test
    void writesClassesThatVerify() throws IOException {
        for (GeneratedPlugin plugin : generate("jars", 1)) {
            try (ZipFile jar = new ZipFile(plugin.path().toFile())) {
                List<? extends ZipEntry> classes =
                        jar.stream().filter(entry -> entry.getName().endsWith(".class")).toList();
                assertThat(classes).hasSizeGreaterThan(4);
                for (ZipEntry entry : classes) {
                    byte[] bytes = jar.getInputStream(entry).readAllBytes();
                    assertThat(ClassFile.of().verify(bytes)).as(entry.getName()).isEmpty();
                }
            }
        }
    }

    @Test
    void runsInTheEngineAndAnswersWithTheHelpOfWhatItRequires() throws Exception {
        List<GeneratedPlugin> generated = generate("jars", 1);
        try (PluginHarness plugins = PluginHarness.start(paths(generated))) {
            for (GeneratedPlugin plugin : generated) {
                assertThat(plugins.ask(plugin.coordinate().plugin().toString(), "hello"))
                        .isEqualTo(expected(plugins, plugin, "hello"));
            }
        }
    }

    private static String expected(PluginHarness plugins, GeneratedPlugin plugin, String request)
            throws ReflectiveOperationException {
        String id = plugin.coordinate().plugin().toString();
        List<String> required =
                plugin.requires().stream()
                        .map(Dependency::plugin)
                        .map(each -> each.name())
                        .toList();
        long sum = mix(plugins, id, plugin.coordinate().plugin().name(), request.hashCode());
        for (String name : required) {
            sum += mix(plugins, id, name, request.hashCode());
        }
        String with = required.isEmpty() ? "" : " with " + String.join(" ", required);
        return plugin.coordinate() + " " + Long.toHexString(sum) + with;
    }

    private static long mix(PluginHarness plugins, String seenBy, String name, long value)
            throws ReflectiveOperationException {
        Class<?> api = plugins.classOf(seenBy, PlannedPlugin.apiClass(name));
        return (long) api.getMethod("mix", long.class).invoke(null, value);
    }

    @Test
    void doesNotStartWhenAByteOfTheResourceDiffers() throws Exception {
        GeneratedPlugin plugin = generate("jars", 1).getFirst();
        Path broken = folder.resolve("broken.jar");
        JarCopies.withEntry(plugin.path(), broken, "data.bin", new byte[9]);

        assertThatThrownBy(() -> PluginHarness.start(List.of(broken)))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("data.bin of " + plugin.coordinate() + " differs");
    }

    @Test
    void reportsProgressAfterEachJar() throws IOException {
        List<Integer> progress = new ArrayList<>();

        PluginGenerator.generate(GeneratorOptions.of(5, 1, folder.resolve("five")), progress::add);

        assertThat(progress).containsExactly(1, 2, 3, 4, 5);
    }

    @Test
    void runsFromTheCommandLine() throws IOException {
        Path into = folder.resolve("cli");

        PluginGenerator.main(new String[] {"3", into.toString(), "--seed", "5"});

        assertThat(into).isDirectoryContaining("glob:**/p0001-1.*.jar");
    }

    @Test
    void saysHowToUseIt() throws IOException {
        assertThat(run("3"))
                .isEqualTo(
                        """
                        a count and a folder are needed
                        usage: PluginGenerator <count> <folder> [--seed <number>]
                        """);
        assertThat(run("many", "x")).startsWith("the count is a number, not 'many'");
        assertThat(run("0", "x")).startsWith("the number of plugins is 1 to 100000, not 0");
    }

    private static String run(String... arguments) throws IOException {
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        PrintStream lines = new PrintStream(err, true, StandardCharsets.UTF_8);
        int exit = new GeneratorCommand(lines, lines).run(List.of(arguments));
        assertThat(exit).isEqualTo(2);
        return err.toString(StandardCharsets.UTF_8);
    }

    private List<GeneratedPlugin> generate(String into, long seed) throws IOException {
        return PluginGenerator.generate(
                GeneratorOptions.of(COUNT, seed, folder.resolve(into)), done -> {});
    }

    private static List<Path> paths(List<GeneratedPlugin> plugins) {
        return plugins.stream().map(GeneratedPlugin::path).toList();
    }

    private static List<Digest> digests(List<GeneratedPlugin> plugins) throws IOException {
        List<Digest> digests = new ArrayList<>();
        for (GeneratedPlugin plugin : plugins) {
            digests.add(Digest.ofBytes(Files.readAllBytes(plugin.path())));
        }
        return digests;
    }
}
