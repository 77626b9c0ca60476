package dev.modunest.standalone;

import dev.modunest.format.Digest;
import dev.modunest.format.trust.bundle.ReleaseBundle;
import dev.modunest.format.trust.statement.BuildProvenance;
import dev.modunest.format.trust.statement.ReleaseStatement;
import dev.modunest.format.trust.statement.Statement;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Bundles beside the jars, as {@code sign} and openssl make them.
 *
 * @param otherwise asked for the jars that have none
 */
record ReadyBundles(PublishBundles otherwise) implements PublishBundles {

    /** Which of a release they are, and how they end after {@code x.jar}. */
    enum Kind {
        PUBLISHER(".sigstore.json"),
        PROVENANCE(".provenance.sigstore.json"),
        SECOND(".second.sigstore.json");

        private final String suffix;

        Kind(String suffix) {
            this.suffix = suffix;
        }

        Path file(Path jar) {
            return Path.of(jar + suffix);
        }
    }

    @Override
    public List<ReleaseBundle> bundles(PluginJar jar) throws IOException, InterruptedException {
        Path own = Kind.PUBLISHER.file(jar.file());
        List<ReleaseBundle> made =
                Files.exists(own) ? List.of(read(Kind.PUBLISHER, jar)) : otherwise.bundles(jar);
        List<ReleaseBundle> all = new ArrayList<>(made);
        if (Files.exists(Kind.PROVENANCE.file(jar.file()))) {
            requireSigned(made, Kind.PROVENANCE, jar);
            all.subList(1, all.size()).clear();
            all.add(read(Kind.PROVENANCE, jar));
        }
        if (Files.exists(Kind.SECOND.file(jar.file()))) {
            requireSigned(made, Kind.SECOND, jar);
            all.add(read(Kind.SECOND, jar));
        }
        return List.copyOf(all);
    }

    private static void requireSigned(List<ReleaseBundle> made, Kind kind, PluginJar jar) {
        if (made.isEmpty()) {
            throw StandaloneException.refused(
                    kind.file(jar.file())
                            + " needs a release that is signed; ./modunest keygen makes a key, or remove the file");
        }
    }

    /** Held against the jar here, where the fix can be told. */
    private static ReleaseBundle read(Kind kind, PluginJar jar) throws IOException {
        Path file = kind.file(jar.file());
        try {
            ReleaseBundle bundle = ReleaseBundle.parse(Files.readAllBytes(file));
            if (!isOf(jar, kind, Statement.parse(bundle.envelope()))) {
                throw StandaloneException.refused(
                        file
                                + " is of other bytes than "
                                + jar.file()
                                + "; sign the jar again with ./modunest sign, or remove the bundle");
            }
            return bundle;
        } catch (IllegalArgumentException malformed) {
            throw StandaloneException.refused(
                    file + " is no bundle of a release: " + malformed.getMessage(), malformed);
        }
    }

    private static boolean isOf(PluginJar jar, Kind kind, Statement statement) throws IOException {
        Digest artifact = Digest.ofBytes(Files.readAllBytes(jar.file()));
        return switch (kind) {
            case PROVENANCE -> BuildProvenance.of(statement).artifact().equals(artifact);
            case PUBLISHER, SECOND -> {
                ReleaseStatement release = ReleaseStatement.of(statement);
                yield release.coordinate().equals(jar.coordinate())
                        && release.artifact().equals(artifact);
            }
        };
    }
}
