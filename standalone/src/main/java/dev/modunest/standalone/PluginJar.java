package dev.modunest.standalone;

import dev.modunest.format.ArchiveLimits;
import dev.modunest.format.Coordinate;
import dev.modunest.format.Inspection;
import dev.modunest.format.Manifest;
import dev.modunest.format.PluginArchive;
import dev.modunest.format.PluginId;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** A jar on disk that passed inspection. */
record PluginJar(Path file, Manifest manifest) {

    private static final int BUFFER = 64 * 1024;
    private static final int MAX_DEPTH = 100;

    Coordinate coordinate() {
        return manifest.coordinate();
    }

    static Inspection inspect(Path file) throws IOException {
        try (InputStream in = new BufferedInputStream(Files.newInputStream(file), BUFFER)) {
            return PluginArchive.inspect(in, ArchiveLimits.DEFAULT);
        }
    }

    /** The files that {@code paths} name: a file itself, of a folder the jars directly in it. */
    static List<Path> files(List<Path> paths) {
        return files(paths, 1, Set.of(".jar"));
    }

    /** The same, with all jars and zip files anywhere below a folder. */
    static List<Path> filesBelow(List<Path> paths) {
        return files(paths, MAX_DEPTH, Set.of(".jar", ".zip"));
    }

    private static List<Path> files(List<Path> paths, int depth, Set<String> endings) {
        List<Path> files = new ArrayList<>();
        for (Path path : paths) {
            if (Files.isDirectory(path)) {
                files.addAll(filesIn(path, depth, endings));
            } else if (Files.isReadable(path)) {
                files.add(path);
            } else {
                throw StandaloneException.wrongUse(
                        path + " cannot be read; give a jar or a folder of jars");
            }
        }
        if (files.isEmpty()) {
            throw StandaloneException.wrongUse(
                    paths.stream().map(Path::toString).collect(Collectors.joining(", "))
                            + (depth == 1
                                    ? " has no jar directly in it"
                                    : " has neither jar nor zip file in it")
                            + "; give a jar or a folder of jars");
        }
        return files;
    }

    /** The jars directly in a folder, perhaps none. */
    static List<Path> jarsIn(Path folder) {
        return filesIn(folder, 1, Set.of(".jar"));
    }

    private static List<Path> filesIn(Path folder, int depth, Set<String> endings) {
        try (Stream<Path> files = Files.walk(folder, depth)) {
            return files.filter(Files::isRegularFile)
                    .filter(file -> endings.stream().anyMatch(lowerCase(file)::endsWith))
                    .sorted()
                    .toList();
        } catch (IOException | UncheckedIOException failed) {
            throw new StandaloneException(folder + " cannot be listed: " + failed, failed);
        }
    }

    private static String lowerCase(Path file) {
        return file.getFileName().toString().toLowerCase(Locale.ROOT);
    }

    /**
     * Each jar after those that it requires; where they require each other in a circle, in some
     * order.
     */
    static List<PluginJar> dependenciesFirst(List<PluginJar> jars) {
        Map<PluginId, List<PluginJar>> byId = new HashMap<>();
        jars.forEach(
                jar ->
                        byId.computeIfAbsent(jar.coordinate().plugin(), id -> new ArrayList<>())
                                .add(jar));
        List<PluginJar> ordered = new ArrayList<>();
        Set<PluginJar> seen = new HashSet<>();
        jars.forEach(jar -> visit(jar, byId, seen, ordered));
        return ordered;
    }

    private static void visit(
            PluginJar jar,
            Map<PluginId, List<PluginJar>> byId,
            Set<PluginJar> seen,
            List<PluginJar> ordered) {
        if (!seen.add(jar)) {
            return;
        }
        jar.manifest()
                .requires()
                .forEach(
                        dependency ->
                                byId.getOrDefault(dependency.plugin(), List.of())
                                        .forEach(needed -> visit(needed, byId, seen, ordered)));
        ordered.add(jar);
    }
}
