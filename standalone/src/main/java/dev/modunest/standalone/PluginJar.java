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
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/** A jar on disk that passed inspection. */
record PluginJar(Path file, Manifest manifest) {

    private static final int BUFFER = 64 * 1024;

    Coordinate coordinate() {
        return manifest.coordinate();
    }

    static Inspection inspect(Path file) throws IOException {
        try (InputStream in = new BufferedInputStream(Files.newInputStream(file), BUFFER)) {
            return PluginArchive.inspect(in, ArchiveLimits.DEFAULT);
        }
    }

    /**
     * The files that {@code paths} name: a file itself, of a folder the jars directly in it, by
     * name.
     */
    static List<Path> files(List<Path> paths) {
        List<Path> files = new ArrayList<>();
        for (Path path : paths) {
            if (Files.isDirectory(path)) {
                files.addAll(jarsIn(path));
            } else if (Files.isReadable(path)) {
                files.add(path);
            } else {
                throw StandaloneException.wrongUse(
                        path + " cannot be read; give a jar or a folder of jars");
            }
        }
        return files;
    }

    private static List<Path> jarsIn(Path folder) {
        try (Stream<Path> children = Files.list(folder)) {
            return children.filter(file -> file.toString().endsWith(".jar")).sorted().toList();
        } catch (IOException failed) {
            throw new StandaloneException(folder + " cannot be listed: " + failed, failed);
        }
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
