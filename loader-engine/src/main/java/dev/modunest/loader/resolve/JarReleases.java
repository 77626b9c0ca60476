package dev.modunest.loader.resolve;

import dev.modunest.format.ArchiveLimits;
import dev.modunest.format.ArchiveProblem;
import dev.modunest.format.Digest;
import dev.modunest.format.Inspection;
import dev.modunest.format.Manifest;
import dev.modunest.format.PluginArchive;
import dev.modunest.format.PluginId;
import dev.modunest.format.VersionRange;
import dev.modunest.format.resolve.IndexEntry;
import dev.modunest.format.resolve.ReleaseSource;
import dev.modunest.format.resolve.ReleaseStatus;
import dev.modunest.format.resolve.Requirement;
import dev.modunest.loader.LoaderException;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** The plugin jars that lie in a folder, as their own manifests tell. */
public final class JarReleases implements ReleaseSource {

    private static final int MAX_JARS = 10_000;

    private final Map<PluginId, List<IndexEntry>> releases = new HashMap<>();
    private final Map<Digest, Path> files = new HashMap<>();

    private JarReleases() {}

    /**
     * Reads every {@code *.jar} of {@code folder}.
     *
     * @throws LoaderException when one is no plugin, naming all that are none
     */
    public static JarReleases in(Path folder) {
        JarReleases jars = new JarReleases();
        List<String> refused = new ArrayList<>();
        try {
            for (Path jar : list(folder)) {
                jars.add(jar, refused);
            }
        } catch (IOException unreadable) {
            throw new LoaderException(
                    "folder-unreadable", folder + " cannot be read: " + unreadable, unreadable);
        }
        if (!refused.isEmpty()) {
            throw new LoaderException(
                    "jar-refused",
                    refused.size() + " of the jars in " + folder + " are no plugins: remove them",
                    refused);
        }
        return jars;
    }

    private static List<Path> list(Path folder) throws IOException {
        List<Path> jars = new ArrayList<>();
        try (DirectoryStream<Path> found = Files.newDirectoryStream(folder, "*.jar")) {
            found.forEach(jars::add);
        }
        if (jars.size() > MAX_JARS) {
            throw new IOException(jars.size() + " jars, the limit is " + MAX_JARS);
        }
        jars.sort(null);
        return jars;
    }

    private void add(Path jar, List<String> refused) throws IOException {
        MessageDigest sha256 = Digest.newMessageDigest();
        Inspection inspection;
        try (InputStream file = new BufferedInputStream(Files.newInputStream(jar));
                InputStream hashed = new DigestInputStream(file, sha256)) {
            inspection = PluginArchive.inspect(hashed, ArchiveLimits.DEFAULT);
        }
        switch (inspection) {
            case Inspection.Accepted accepted -> add(jar, accepted, Digest.finish(sha256));
            case Inspection.Refused problems -> refused.add(line(jar, problems));
        }
    }

    private void add(Path jar, Inspection.Accepted accepted, Digest digest) {
        Manifest manifest = accepted.manifest();
        files.put(digest, jar);
        releases.computeIfAbsent(manifest.coordinate().plugin(), _ -> new ArrayList<>())
                .add(
                        new IndexEntry(
                                manifest.coordinate(),
                                digest,
                                accepted.size(),
                                manifest.requires(),
                                manifest.host(),
                                ReleaseStatus.LIVE,
                                Optional.empty()));
    }

    private static String line(Path jar, Inspection.Refused refused) {
        return jar.getFileName()
                + ": "
                + refused.problems().stream()
                        .map(ArchiveProblem::toString)
                        .collect(Collectors.joining("; "));
    }

    @Override
    public Map<PluginId, List<IndexEntry>> releases(Set<PluginId> plugins) {
        return plugins.stream()
                .filter(releases::containsKey)
                .collect(Collectors.toMap(plugin -> plugin, plugin -> releases.get(plugin)));
    }

    /** Everything in the folder, in any version. */
    List<Requirement> requirements() {
        return releases.keySet().stream()
                .sorted()
                .map(plugin -> new Requirement(plugin, VersionRange.parse("*")))
                .toList();
    }

    public Map<Digest, Path> files() {
        return Map.copyOf(files);
    }
}
