package dev.modunest.standalone;

import dev.modunest.format.Digest;
import dev.modunest.format.trust.bundle.ReleaseBundle;
import dev.modunest.format.trust.statement.ReleaseStatement;
import dev.modunest.format.trust.statement.Statement;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/**
 * Bundles beside the jars, {@code x.jar.sigstore.json}, as {@code sign} and openssl make them.
 *
 * @param otherwise asked for the jars that have none
 */
record ReadyBundles(PublishBundles otherwise) implements PublishBundles {

    static Path file(Path jar) {
        return Path.of(jar + ".sigstore.json");
    }

    @Override
    public Optional<ReleaseBundle> bundle(PluginJar jar) throws IOException, InterruptedException {
        Path file = file(jar.file());
        return Files.exists(file) ? Optional.of(read(file, jar)) : otherwise.bundle(jar);
    }

    /** Held against the jar here, where the fix can be told. */
    private static ReleaseBundle read(Path file, PluginJar jar) throws IOException {
        try {
            ReleaseBundle bundle = ReleaseBundle.parse(Files.readAllBytes(file));
            ReleaseStatement statement = ReleaseStatement.of(Statement.parse(bundle.envelope()));
            if (!statement.coordinate().equals(jar.coordinate())
                    || !statement
                            .artifact()
                            .equals(Digest.ofBytes(Files.readAllBytes(jar.file())))) {
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
}
