package dev.modunest.loader.resolve;

import dev.modunest.format.PluginId;
import dev.modunest.format.http.Problem;
import dev.modunest.format.resolve.IndexEntry;
import dev.modunest.format.resolve.Plan;
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
    Plan resolve(ResolveRequest request) throws InterruptedException {
        HttpTransport.Text answer =
                exchange(
                        HttpRequest.newBuilder(at("/api/v1/resolve"))
                                .header("Content-Type", "application/json")
                                .POST(
                                        HttpRequest.BodyPublishers.ofString(
                                                ResolveJson.request(request))));
        if (answer.status() != 200) {
            throw refused(answer);
        }
        try {
            return ResolveJson.readPlan(answer.body());
        } catch (IllegalArgumentException unreadable) {
            throw new LoaderException(
                    "registry-answer", registry + " sent a plan that cannot be read", unreadable);
        }
    }

    /** {@code GET /index/{ns}/{name}}; empty when the registry does not know the plugin. */
    Optional<List<IndexEntry>> index(PluginId plugin) throws InterruptedException {
        HttpTransport.Text answer = exchange(HttpRequest.newBuilder(at("/index/" + plugin)).GET());
        if (answer.status() == 404) {
            return Optional.empty();
        }
        if (answer.status() != 200) {
            throw refused(answer);
        }
        try {
            return Optional.of(ResolveJson.readIndex(answer.body()));
        } catch (IllegalArgumentException unreadable) {
            throw new LoaderException(
                    "registry-answer",
                    registry + " sent an index of " + plugin + " that cannot be read",
                    unreadable);
        }
    }

    private URI at(String path) {
        return URI.create(registry.toString().replaceAll("/+$", "") + path);
    }

    private HttpTransport.Text exchange(HttpRequest.Builder request) throws InterruptedException {
        try {
            return transport.exchange(request, MAX_DOCUMENT_BYTES);
        } catch (FetchException oversized) {
            throw new LoaderException("registry-answer", oversized.reason(), oversized);
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
