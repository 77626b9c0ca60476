package dev.modunest.loader.fetch;

import dev.modunest.format.Coordinate;
import dev.modunest.format.trust.json.Octets;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpRequest;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Optional;
import java.util.UUID;

/**
 * Evidence as files: at the registry {@code /artifacts/<ns>/<name>/<version>/<file>.jar<suffix>},
 * here beside the artifact with the same suffixes. Thread-safe.
 */
public final class EvidenceFiles {

    static final String PUBLISHER = ".sigstore.json";
    static final String SUMMARY = ".vsa.sigstore.json";
    static final String PROOF = ".tlog-proof";
    static final String PROVENANCE = ".provenance.sigstore.json";
    static final String SECOND = ".second.sigstore.json";

    private static final int MAX_BYTES = 256 << 10;

    private final Optional<URI> registry;
    private final HttpTransport transport;

    /**
     * Evidence of one registry.
     *
     * @param registry empty when only what is kept can be had
     */
    public EvidenceFiles(Optional<URI> registry, HttpTransport transport) {
        this.registry = registry;
        this.transport = transport;
    }

    /** What lies beside {@code artifact}, without asking anybody. */
    public static Evidence beside(Path artifact) {
        Optional<Octets> summary = read(artifact, SUMMARY);
        NamedBundles named = NamedBundles.in(summary);
        return new Evidence(
                read(artifact, PUBLISHER),
                summary,
                read(artifact, PROOF),
                named.provenance() ? read(artifact, PROVENANCE) : Optional.empty(),
                named.second() ? read(artifact, SECOND) : Optional.empty(),
                false,
                Optional.empty());
    }

    /** What lies beside {@code artifact}; what is missing there is fetched, and kept. */
    Evidence obtain(Coordinate release, Path artifact) throws InterruptedException {
        return complete(release, beside(artifact), Optional.of(artifact));
    }

    /** What the registry has now, in place of what lies beside {@code artifact}. */
    Optional<Evidence> renew(Coordinate release, Path artifact) throws InterruptedException {
        Evidence fetched = complete(release, Evidence.NONE, Optional.empty());
        if (fetched.trouble().isPresent() || fetched.summary().isEmpty()) {
            return Optional.empty();
        }
        try {
            replace(fetched.publisher(), artifact, PUBLISHER);
            replace(fetched.summary(), artifact, SUMMARY);
            replace(fetched.proof(), artifact, PROOF);
            replace(fetched.provenance(), artifact, PROVENANCE);
            replace(fetched.second(), artifact, SECOND);
        } catch (IOException unkept) {
            return Optional.of(fetched); // it is asked for again the next time
        }
        return Optional.of(fetched);
    }

    private static void replace(Optional<Octets> content, Path artifact, String suffix)
            throws IOException {
        if (content.isPresent()) {
            keep(content.get(), file(artifact, suffix));
        } else {
            Files.deleteIfExists(file(artifact, suffix));
        }
    }

    /** {@code present} with what is missing fetched. */
    public Evidence complete(Coordinate release, Evidence present) throws InterruptedException {
        return complete(release, present, Optional.empty());
    }

    private Evidence complete(Coordinate release, Evidence present, Optional<Path> keeper)
            throws InterruptedException {
        boolean kept = present.summary().isPresent() || present.publisher().isPresent();
        Evidence known =
                new Evidence(
                        present.publisher(),
                        present.summary(),
                        present.proof(),
                        present.provenance(),
                        present.second(),
                        kept,
                        Optional.empty());
        if (registry.isEmpty() || isWhole(known)) {
            return known;
        }
        try {
            Optional<Octets> publisher = or(known.publisher(), release, PUBLISHER, keeper);
            Optional<Octets> summary = or(known.summary(), release, SUMMARY, keeper);
            NamedBundles named = NamedBundles.in(summary);
            return new Evidence(
                    publisher,
                    summary,
                    or(known.proof(), release, PROOF, keeper),
                    named.provenance()
                            ? or(known.provenance(), release, PROVENANCE, keeper)
                            : Optional.empty(),
                    named.second() ? or(known.second(), release, SECOND, keeper) : Optional.empty(),
                    kept,
                    Optional.empty());
        } catch (IOException | FetchException failed) {
            return known.troubled(String.valueOf(failed.getMessage()));
        }
    }

    private static boolean isWhole(Evidence known) {
        NamedBundles named = NamedBundles.in(known.summary());
        return known.publisher().isPresent()
                && known.summary().isPresent()
                && known.proof().isPresent()
                && (known.provenance().isPresent() || !named.provenance())
                && (known.second().isPresent() || !named.second());
    }

    private Optional<Octets> or(
            Optional<Octets> present, Coordinate release, String suffix, Optional<Path> keeper)
            throws IOException, InterruptedException, FetchException {
        if (present.isPresent()) {
            return present;
        }
        Optional<Octets> fetched = fetch(release, suffix);
        if (fetched.isPresent() && keeper.isPresent()) {
            keep(fetched.get(), file(keeper.get(), suffix));
        }
        return fetched;
    }

    private Optional<Octets> fetch(Coordinate release, String suffix)
            throws IOException, InterruptedException, FetchException {
        URI uri =
                URI.create(
                        registry.orElseThrow().toString().replaceAll("/+$", "")
                                + "/artifacts/"
                                + release.plugin()
                                + "/"
                                + encoded(release.version().toString())
                                + "/"
                                + encoded(release.fileName())
                                + suffix);
        HttpTransport.Answer answer =
                transport.fetch(() -> HttpRequest.newBuilder(uri).GET(), MAX_BYTES);
        return switch (answer.status()) {
            case 200 -> Optional.of(Octets.of(answer.body()));
            case 404, 410 -> Optional.empty();
            default ->
                    throw new FetchException(
                            "unexpected-status",
                            HttpTransport.where(uri) + " answered " + answer.status());
        };
    }

    /** Of a version's characters the plus alone may mean something else in a URI. */
    private static String encoded(String text) {
        return text.replace("+", "%2B");
    }

    private static Optional<Octets> read(Path artifact, String suffix) {
        try {
            Path file = file(artifact, suffix);
            return Files.size(file) > MAX_BYTES
                    ? Optional.empty()
                    : Optional.of(Octets.of(Files.readAllBytes(file)));
        } catch (IOException absentOrUnreadable) {
            return Optional.empty();
        }
    }

    private static Path file(Path artifact, String suffix) {
        return artifact.resolveSibling(artifact.getFileName() + suffix);
    }

    private static void keep(Octets content, Path file) throws IOException {
        Path fresh = file.resolveSibling(file.getFileName() + "." + UUID.randomUUID() + ".new");
        try {
            Files.write(fresh, content.bytes());
            Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE);
        } finally {
            Files.deleteIfExists(fresh);
        }
    }
}
