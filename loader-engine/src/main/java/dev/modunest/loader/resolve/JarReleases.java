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
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
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

    /** A jar that was read, as it was then. */
    public record Seen(long size, FileTime modified, Inspection.Accepted accepted, Digest digest) {}

    private final Map<PluginId, List<IndexEntry>> releases = new HashMap<>();
    private final Map<Digest, Path> files = new HashMap<>();

    private JarReleases() {}

    /**
     * Reads every {@code *.jar} of {@code folder}, but what has the length and the time of change
     * that it had.
     *
     * @param seen what was read before; afterwards what lies there now
     * @throws LoaderException when one is no plugin, naming all that are none
     */
    public static JarReleases in(Path folder, Map<Path, Seen> seen) {
        JarReleases jars = new JarReleases();
        List<String> refused = new ArrayList<>();
        try {
            List<Path> there = list(folder);
            for (Path jar : there) {
                jars.add(jar, seen, refused);
            }
            seen.keySet().retainAll(Set.copyOf(there));
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

    private void add(Path jar, Map<Path, Seen> seen, List<String> refused) throws IOException {
        BasicFileAttributes now = Files.readAttributes(jar, BasicFileAttributes.class);
        Seen known = seen.get(jar);
        if (known != null
                && known.size() == now.size()
                && known.modified().equals(now.lastModifiedTime())) {
            add(jar, known.accepted(), known.digest());
            return;
        }
        seen.remove(jar);
        MessageDigest sha256 = Digest.newMessageDigest();
        Inspection inspection;
        try (InputStream file = new BufferedInputStream(Files.newInputStream(jar));
                InputStream hashed = new DigestInputStream(file, sha256)) {
            inspection = PluginArchive.inspect(hashed, ArchiveLimits.DEFAULT);
        }
        switch (inspection) {
            case Inspection.Accepted accepted -> {
                Digest digest = Digest.finish(sha256);
                seen.put(jar, new Seen(now.size(), now.lastModifiedTime(), accepted, digest));
                add(jar, accepted, digest);
            }
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
