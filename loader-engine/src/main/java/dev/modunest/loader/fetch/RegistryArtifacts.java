package dev.modunest.loader.fetch;

import dev.modunest.format.resolve.Plan;
import dev.modunest.loader.LoaderOptions.FetchOptions;

import java.io.EOFException;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** The local cache in front of a registry. Thread-safe. */
public final class RegistryArtifacts implements ArtifactSource {

    private final Optional<URI> registry;
    private final Mirrors mirrors;
    private final ArtifactCache cache;
    private final HttpTransport transport;
    private final long maxBytes;

    /**
     * Artifacts of one registry.
     *
     * @param registry empty when only what is cached, or mirrors have, can be had
     */
    public RegistryArtifacts(
            Optional<URI> registry,
            ArtifactCache cache,
            HttpTransport transport,
            FetchOptions options) {
        this.registry = registry;
        this.mirrors = new Mirrors(registry, options.route().mirrors(), System::nanoTime);
        this.cache = cache;
        this.transport = transport;
        this.maxBytes = options.maxArtifactBytes();
    }

    @Override
    public Fetched fetch(Plan.Step step) throws FetchException, InterruptedException {
        Optional<Path> cached = cache.find(step.digest());
        return cached.isPresent()
                ? new Fetched(cached.get(), 0, true)
                : new Fetched(download(step), step.size(), false);
    }

    @Override
    public void discard(Fetched fetched) throws IOException {
        cache.discard(fetched.file());
    }

    @Override
    public Evidence evidence(Plan.Step step, Fetched fetched) throws InterruptedException {
        return new EvidenceFiles(registry, transport).obtain(step.coordinate(), fetched.file());
    }

    @Override
    public Optional<Evidence> evidenceAnew(Plan.Step step, Fetched fetched)
            throws InterruptedException {
        return new EvidenceFiles(registry, transport).renew(step.coordinate(), fetched.file());
    }

    private Path download(Plan.Step step) throws FetchException, InterruptedException {
        List<URI> sources = sourcesOf(step);
        if (step.size() > maxBytes) {
            throw new FetchException(
                    "artifact-too-large",
                    "the plan gives "
                            + step.size()
                            + " bytes and the limit is "
                            + maxBytes
                            + ": raise maxArtifactBytes to load it");
        }
        Deadline deadline = transport.deadline();
        try (Download download = Download.to(cache.newPartial(step.digest()), step)) {
            Attempts attempts = new Attempts(sources, download, deadline);
            return transport.retrying(deadline, attempts::next);
        } catch (IOException trouble) {
            throw new FetchException(
                    "fetch-failed",
                    "could not fetch "
                            + step.url()
                            + " from "
                            + sources.stream().map(HttpTransport::where).toList()
                            + " ("
                            + trouble
                            + ")",
                    trouble);
        }
    }

    private List<URI> sourcesOf(Plan.Step step) throws FetchException {
        List<URI> sources = mirrors.inOrder();
        if (sources.isEmpty()) {
            throw new FetchException(
                    "artifact-missing",
                    "it is not in the local cache and no registry is set: name one");
        }
        if (!step.url().startsWith("/")) {
            throw badUrl(step);
        }
        for (URI base : sources) {
            uriOf(base, step);
        }
        return sources;
    }

    private static URI uriOf(URI base, Plan.Step step) throws FetchException {
        try {
            return URI.create(base.toString().replaceAll("/+$", "") + step.url());
        } catch (IllegalArgumentException unreadable) {
            throw badUrl(step);
        }
    }

    /**
     * The attempts at one artifact: each goes to the next source, round and round. What one of them
     * refuses is final when all have been asked and none was in trouble.
     */
    private final class Attempts {

        private final List<URI> sources;
        private final Download download;
        private final Deadline deadline;
        private int made;
        private boolean troubled;

        Attempts(List<URI> sources, Download download, Deadline deadline) {
            this.sources = sources;
            this.download = download;
            this.deadline = deadline;
        }

        Path next() throws IOException, InterruptedException, FetchException {
            URI base = sources.get(made % sources.size());
            made++;
            try {
                transfer(uriOf(base, download.step()), download, deadline);
                Path artifact = cache.admit(download.finish(), download.step().digest());
                mirrors.served(base);
                return artifact;
            } catch (IOException trouble) {
                troubled = true;
                mirrors.failed(base);
                throw trouble;
            } catch (FetchException refused) {
                if (made >= sources.size() && !troubled) {
                    throw refused;
                }
                download.restart();
                if (made >= sources.size()) {
                    throw new IOException(refused.reason(), refused);
                }
                return next();
            }
        }
    }

    private static FetchException badUrl(Plan.Step step) {
        return new FetchException(
                "bad-url", "the plan gives '" + step.url() + "', which is no absolute path");
    }

    /** One request: from where the last one broke, or from the start. */
    private void transfer(URI uri, Download download, Deadline deadline)
            throws IOException, InterruptedException, FetchException {
        HttpRequest.Builder request = HttpRequest.newBuilder(uri);
        download.askForTheRest(request);
        HttpResponse<BodyStream> response = transport.send(request, deadline);
        try (BodyStream body = response.body()) {
            accept(response, download);
            for (Optional<List<ByteBuffer>> piece = transport.nextPaced(body, deadline);
                    piece.isPresent();
                    piece = transport.nextPaced(body, deadline)) {
                download.append(piece.get());
            }
        }
        if (!download.isComplete()) {
            throw new EOFException(HttpTransport.where(uri) + " ended early");
        }
    }

    private static void accept(HttpResponse<BodyStream> response, Download download)
            throws IOException, FetchException {
        switch (response.statusCode()) {
            case 200 -> download.restart(response.headers());
            case 206 -> download.resume(response.headers());
            case 404, 410 ->
                    throw new FetchException(
                            "artifact-missing",
                            HttpTransport.where(response.uri())
                                    + " is not there: publish it, or resolve again");
            case 401, 403 ->
                    throw new FetchException(
                            "access-denied",
                            HttpTransport.where(response.uri())
                                    + " answered "
                                    + response.statusCode()
                                    + ": it is not for this host; enrol the host, or have it"
                                    + " allowed there");
            default ->
                    throw new FetchException(
                            "unexpected-status",
                            HttpTransport.where(response.uri())
                                    + " answered "
                                    + response.statusCode());
        }
    }
}
