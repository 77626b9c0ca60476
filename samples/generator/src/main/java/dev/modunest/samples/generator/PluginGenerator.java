package dev.modunest.samples.generator;

import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntConsumer;

/** Generates distinct plugin jars that require each other, deterministic by seed. */
public final class PluginGenerator {

    private PluginGenerator() {}

    /**
     * Writes the jars; files of the same names are replaced.
     *
     * @param progress told how many jars are written, after each
     * @return the plugins in an order in which each stands after what it requires
     */
    public static List<GeneratedPlugin> generate(GeneratorOptions options, IntConsumer progress)
            throws IOException {
        Files.createDirectories(options.into());
        List<GeneratedPlugin> generated = new ArrayList<>(options.count());
        for (PlannedPlugin plugin : PluginGraph.plan(options)) {
            generated.add(PluginJarWriter.write(plugin, options.into()));
            progress.accept(generated.size());
        }
        return List.copyOf(generated);
    }

    /** {@code PluginGenerator N DIR [--seed S]}. */
    public static void main(String[] arguments) throws IOException {
        int exit = new GeneratorCommand(System.out, System.err).run(List.of(arguments));
        if (exit != 0) {
            System.exit(exit);
        }
    }
}
