package dev.modunest.standalone;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;

/** The folder that the build lays out beside the jars: {@code samples/} and {@code loader/}. */
record Distribution(Path root) {

    /** Where the launcher said it is. */
    static Distribution current() {
        return new Distribution(
                Optional.ofNullable(System.getProperty("modunest.dist"))
                        .map(Path::of)
                        .orElseThrow(
                                () ->
                                        new StandaloneException(
                                                "this command needs the distribution folder: start it with ./modunest")));
    }

    List<Path> samples() {
        List<Path> jars = PluginJar.jarsIn(root.resolve("samples"));
        if (jars.isEmpty()) {
            throw new StandaloneException(
                    root.resolve("samples") + " holds no jar; build again with mvn -B package");
        }
        return jars;
    }

    /** The all-in-one jar that a host runs. */
    Path loader() {
        try (Stream<Path> jars = Files.list(root.resolve("loader"))) {
            return jars.filter(jar -> jar.toString().toLowerCase(Locale.ROOT).endsWith("-all.jar"))
                    .findFirst()
                    .orElseThrow(
                            () ->
                                    new StandaloneException(
                                            root.resolve("loader")
                                                    + " holds no loader jar; build again with mvn -B package"));
        } catch (IOException failed) {
            throw new StandaloneException(
                    root.resolve("loader") + " cannot be listed: " + failed, failed);
        }
    }
}
