package dev.modunest.loader.fetch;

import dev.modunest.format.Digest;
import dev.modunest.format.resolve.Plan;

import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/** Jars that lie in a folder; they are used where they are and never removed. */
public final class JarFiles implements ArtifactSource {

    private final Map<Digest, Path> files;

    public JarFiles(Map<Digest, Path> files) {
        this.files = Map.copyOf(files);
    }

    @Override
    public Fetched fetch(Plan.Step step) throws FetchException {
        Path file = files.get(step.digest());
        if (file == null) {
            throw new FetchException(
                    "artifact-missing", "no jar of the folder has the digest " + step.digest());
        }
        return new Fetched(file, 0, false);
    }

    @Override
    public Evidence evidence(Plan.Step step, Fetched fetched) {
        return EvidenceFiles.beside(fetched.file());
    }

    @Override
    public Optional<Evidence> evidenceAnew(Plan.Step step, Fetched fetched) {
        return Optional.empty();
    }

    @Override
    public void discard(Fetched fetched) {
        throw new IllegalStateException(fetched.file() + " belongs to the host");
    }
}
