package dev.modunest.format.fuzz;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * What Jazzer calls: {@code --target_class} is this class and {@code --target_args} the name of a
 * target. Run by itself it writes the seeds of a target into a folder.
 */
public final class Fuzzing {

    private static FuzzTarget target = FuzzTarget.ALL.getFirst();

    private Fuzzing() {}

    public static void fuzzerInitialize(String[] arguments) {
        target = FuzzTarget.named(arguments[0]);
    }

    public static void fuzzerTestOneInput(byte[] data) throws Exception {
        target.check().run(data);
    }

    public static void main(String[] arguments) throws IOException {
        Path folder = Files.createDirectories(Path.of(arguments[1]));
        List<byte[]> seeds = FuzzTarget.named(arguments[0]).seeds().get();
        for (int i = 0; i < seeds.size(); i++) {
            Files.write(folder.resolve("seed-" + i), seeds.get(i));
        }
    }
}
