package dev.modunest.loader.trust;

import dev.modunest.format.ArchiveLimits;
import dev.modunest.format.ArchiveProblem;
import dev.modunest.format.Coordinate;
import dev.modunest.format.Digest;
import dev.modunest.format.Inspection;
import dev.modunest.format.Manifest;
import dev.modunest.format.PluginArchive;
import dev.modunest.loader.LoaderException;
import dev.modunest.loader.LoaderOptions;
import dev.modunest.loader.PluginTrust;
import dev.modunest.loader.TrustWarning;
import dev.modunest.loader.fetch.Evidence;
import dev.modunest.loader.fetch.EvidenceFiles;
import dev.modunest.loader.fetch.HttpTransport;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/** The verification of one file, told step by step; nothing of it is remembered. */
public final class JarExamination {

    private JarExamination() {}

    /**
     * What came out.
     *
     * @param release empty when the file is no plugin
     * @param trust empty when it is refused
     * @param refusal empty when it is trusted
     */
    public record Result(
            Optional<Coordinate> release,
            Digest artifact,
            List<CheckedFact> facts,
            Optional<PluginTrust> trust,
            Optional<TrustWarning> refusal) {

        public Result {
            facts = List.copyOf(facts);
        }

        public boolean isTrusted() {
            return trust.isPresent();
        }
    }

    /**
     * Examines {@code jar}, whose evidence lies beside it or comes from {@code registry}.
     *
     * @throws LoaderException when the file cannot be read, or there is no trust root
     */
    public static Result examine(Path jar, URI registry, LoaderOptions options)
            throws InterruptedException {
        byte[] bytes;
        Inspection inspection;
        try {
            bytes = Files.readAllBytes(jar);
            inspection =
                    PluginArchive.inspect(new ByteArrayInputStream(bytes), ArchiveLimits.DEFAULT);
        } catch (IOException unreadable) {
            throw new LoaderException(
                    "file-unreadable", jar + " cannot be read: " + unreadable, unreadable);
        }
        Digest artifact = Digest.ofBytes(bytes);
        return switch (inspection) {
            case Inspection.Refused refused ->
                    new Result(
                            Optional.empty(),
                            artifact,
                            List.of(),
                            Optional.empty(),
                            Optional.of(
                                    new TrustWarning(
                                            "archive-refused",
                                            refused.problems().stream()
                                                    .map(ArchiveProblem::toString)
                                                    .collect(Collectors.joining("; ")))));
            case Inspection.Accepted accepted ->
                    examine(accepted.manifest(), artifact, jar, registry, options);
        };
    }

    private static Result examine(
            Manifest manifest, Digest artifact, Path jar, URI registry, LoaderOptions options)
            throws InterruptedException {
        Coordinate release = manifest.coordinate();
        try (HttpTransport transport = new HttpTransport(options.fetch(), Thread::sleep)) {
            Optional<URI> source = Optional.of(registry);
            ReleaseTrust.ReleaseCheck check =
                    new Trust(options.trust(), transport).refresh(source).check(release, artifact);
            try {
                check.screen();
                Evidence evidence =
                        new EvidenceFiles(source, transport)
                                .complete(release, EvidenceFiles.beside(jar));
                PluginTrust trust = check.decide(manifest, evidence);
                return new Result(
                        Optional.of(release),
                        artifact,
                        check.facts(),
                        Optional.of(trust),
                        Optional.empty());
            } catch (TrustException refused) {
                return new Result(
                        Optional.of(release),
                        artifact,
                        check.facts(),
                        Optional.empty(),
                        Optional.of(new TrustWarning(refused.code(), refused.reason())));
            }
        }
    }
}
