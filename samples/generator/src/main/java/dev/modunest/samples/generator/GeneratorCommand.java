package dev.modunest.samples.generator;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.List;

/** The command line of {@link PluginGenerator}. */
final class GeneratorCommand {

    private static final String USAGE = "usage: PluginGenerator <count> <folder> [--seed <number>]";
    private static final int BAD_USAGE = 2;

    private final PrintStream out;
    private final PrintStream err;

    GeneratorCommand(PrintStream out, PrintStream err) {
        this.out = out;
        this.err = err;
    }

    int run(List<String> arguments) throws IOException {
        GeneratorOptions options;
        try {
            options = parse(arguments);
        } catch (IllegalArgumentException wrong) {
            err.println(wrong.getMessage());
            err.println(USAGE);
            return BAD_USAGE;
        }
        List<GeneratedPlugin> generated = PluginGenerator.generate(options, done -> {});
        long bytes = generated.stream().mapToLong(GeneratedPlugin::size).sum();
        out.println(generated.size() + " plugins, " + bytes + " bytes, in " + options.into());
        return 0;
    }

    private static GeneratorOptions parse(List<String> arguments) {
        boolean seeded = arguments.size() == 4 && arguments.get(2).equals("--seed");
        if (arguments.size() != 2 && !seeded) {
            throw new IllegalArgumentException("a count and a folder are needed");
        }
        long seed = seeded ? number("--seed", arguments.get(3)) : 1;
        long count = number("the count", arguments.get(0));
        return GeneratorOptions.of(
                Math.clamp(count, 0, Integer.MAX_VALUE), seed, Path.of(arguments.get(1)));
    }

    private static long number(String what, String text) {
        try {
            return Long.parseLong(text);
        } catch (NumberFormatException wrong) {
            throw new IllegalArgumentException(what + " is a number, not '" + text + "'", wrong);
        }
    }
}
