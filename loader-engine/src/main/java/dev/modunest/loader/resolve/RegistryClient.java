package dev.modunest.loader.resolve;

import dev.modunest.format.PluginId;
import dev.modunest.format.http.Problem;
import dev.modunest.format.resolve.IndexEntry;
import dev.modunest.format.resolve.Lock;
import dev.modunest.format.resolve.LockJson;
import dev.modunest.format.resolve.RequestJson;
import dev.modunest.format.resolve.ResolveJson;
import dev.modunest.format.resolve.ResolveRequest;
import dev.modunest.loader.LoaderException;
import dev.modunest.loader.fetch.FetchException;
import dev.modunest.loader.fetch.HttpTransport;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpRequest;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;

/** The documents of a registry that resolution needs. Thread-safe. */
public final class RegistryClient {

    /** Holds a plan of 500 releases fifty times over, or an index of 50,000. */
    private static final int MAX_DOCUMENT_BYTES = 16 << 20;

    private final URI registry;
    private final HttpTransport transport;

    public RegistryClient(URI registry, HttpTransport transport) {
        this.registry = registry;
        this.transport = transport;
    }

    /**
     * {@code POST /api/v1/resolve}.
     *
     * @throws LoaderException when there is no plan, with the registry's reasons
     */
    Lock resolve(ResolveRequest request) throws InterruptedException {
        HttpTransport.Text answer =
                exchange(
                        HttpRequest.newBuilder(at("/api/v1/resolve"))
                                .header("Content-Type", "application/json")
                                .POST(
                                        HttpRequest.BodyPublishers.ofString(
                                                RequestJson.write(request))));
        if (answer.status() != 200) {
            throw refused(answer);
        }
        try {
            return LockJson.read(answer.body());
        } catch (IllegalArgumentException unreadable) {
            throw new LoaderException(
                    "registry-answer",
                    registry
                            + " sent a lock that cannot be read ("
                            + unreadable.getMessage()
                            + "): use a registry and a loader of the same release",
                    unreadable);
        }
    }

    /** What a registry said to {@code GET /index/{ns}/{name}}. */
    sealed interface IndexAnswer {

        /** The document is still the one with the entity tag that was sent. */
        record Unchanged() implements IndexAnswer {}

        /** There is no such plugin. */
        record Unknown() implements IndexAnswer {}

        record Document(String text, Optional<String> entityTag) implements IndexAnswer {}
    }

    /** {@code GET /index/{ns}/{name}}, {@code If-None-Match} {@code entityTag}. */
    IndexAnswer index(PluginId plugin, Optional<String> entityTag) throws InterruptedException {
        HttpRequest.Builder request = HttpRequest.newBuilder(at("/index/" + plugin)).GET();
        entityTag.ifPresent(tag -> request.header("If-None-Match", tag));
        HttpTransport.Text answer = exchange(request);
        return switch (answer.status()) {
            case 200 -> new IndexAnswer.Document(answer.body(), answer.entityTag());
            case 304 -> new IndexAnswer.Unchanged();
            case 404 -> new IndexAnswer.Unknown();
            default -> throw refused(answer);
        };
    }

    /** Reads a document that this registry answered. */
    List<IndexEntry> entries(PluginId plugin, String document) {
        try {
            return ResolveJson.readIndex(document);
        } catch (IllegalArgumentException unreadable) {
            throw new LoaderException(
                    "registry-answer",
                    registry + " sent an index of " + plugin + " that cannot be read",
                    unreadable);
        }
    }

    URI address() {
        return registry;
    }

    private URI at(String path) {
        return URI.create(registry.toString().replaceAll("/+$", "") + path);
    }

    private HttpTransport.Text exchange(HttpRequest.Builder request) throws InterruptedException {
        try {
            return transport.exchange(request, MAX_DOCUMENT_BYTES);
        } catch (FetchException useless) {
            throw new LoaderException(
                    useless.code().equals("answer-too-large") ? "registry-answer" : useless.code(),
                    useless.reason(),
                    useless);
        } catch (IOException trouble) {
            throw new LoaderException(
                    "registry-unreachable",
                    registry
                            + " does not answer ("
                            + trouble
                            + "): check the address and that it runs",
                    trouble);
        }
    }

    private LoaderException refused(HttpTransport.Text answer) {
        Optional<Problem> problem = Problem.read(answer.body().getBytes(StandardCharsets.UTF_8));
        if (problem.isEmpty()) {
            return new LoaderException(
                    "registry-answer",
                    registry + " answered " + answer.status() + ": is it a Modu-Nest registry?");
        }
        return new LoaderException(
                problem.get().code(),
                problem.get().detail(),
                problem.get().errors().stream()
                        .map(fault -> fault.detail() + ". " + fault.fix())
                        .toList());
    }
}
