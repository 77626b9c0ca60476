package dev.modunest.edge.discovery;

import dev.modunest.edge.origin.OriginAddress;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;

import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;

/**
 * By the EndpointSlices of a Kubernetes service ({@code discovery.k8s.io/v1}): the addresses that
 * are ready. The token of the service account is read for every look, as Kubernetes renews it.
 */
final class KubernetesLookup implements Lookup {

    /** A service of 1,000 pods has about 1 MiB of slices. */
    private static final long MAX_BYTES = 8 << 20;

    private final DiscoverySettings.Kubernetes settings;
    private final String service;
    private final DiscoverySettings.Scheme scheme;
    private final Duration timeout;
    private final HttpClient client;

    /**
     * @throws IOException when the certificates of the service account cannot be read
     */
    KubernetesLookup(
            String service,
            DiscoverySettings.Kubernetes settings,
            DiscoverySettings.Scheme scheme,
            Duration timeout)
            throws IOException {
        this.settings = settings;
        this.service = service;
        this.scheme = scheme;
        this.timeout = timeout;
        HttpClient.Builder builder = HttpClient.newBuilder().connectTimeout(timeout);
        Path authority = settings.account().resolve("ca.crt");
        if (Files.exists(authority)) {
            builder.sslContext(TrustedAuthorities.contextOf(authority));
        }
        this.client = builder.build();
    }

    @Override
    public String source() {
        return "kubernetes";
    }

    @Override
    public List<OriginAddress> find() throws IOException, InterruptedException {
        HttpRequest.Builder request = HttpRequest.newBuilder(slices()).timeout(timeout).GET();
        Path token = settings.account().resolve("token");
        if (Files.exists(token)) {
            request.header("Authorization", "Bearer " + Files.readString(token).strip());
        }
        HttpResponse<byte[]> response =
                client.send(
                        request.header("Accept", "application/json").build(),
                        HttpResponse.BodyHandlers.limiting(
                                HttpResponse.BodyHandlers.ofByteArray(), MAX_BYTES));
        if (response.statusCode() != 200) {
            throw new IOException("Kubernetes answers " + response.statusCode());
        }
        try {
            return read(new JsonObject(Buffer.buffer(response.body())));
        } catch (DecodeException | ClassCastException | IllegalArgumentException malformed) {
            throw new IOException("Kubernetes answers with no list of EndpointSlices", malformed);
        }
    }

    private URI slices() throws IOException {
        String namespace =
                settings.namespace().isPresent()
                        ? settings.namespace().get()
                        : Files.readString(settings.account().resolve("namespace")).strip();
        String selector =
                URLEncoder.encode("kubernetes.io/service-name=" + service, StandardCharsets.UTF_8);
        return settings.api()
                .resolve(
                        "/apis/discovery.k8s.io/v1/namespaces/"
                                + namespace
                                + "/endpointslices?labelSelector="
                                + selector);
    }

    private List<OriginAddress> read(JsonObject list) {
        List<OriginAddress> found = new ArrayList<>();
        for (JsonObject slice : objects(list, "items")) {
            int port = port(slice);
            for (JsonObject endpoint : objects(slice, "endpoints")) {
                JsonObject conditions = endpoint.getJsonObject("conditions", new JsonObject());
                // Unknown means ready, says the API.
                if (port > 0 && !Boolean.FALSE.equals(conditions.getBoolean("ready"))) {
                    endpoint.getJsonArray("addresses", new JsonArray())
                            .forEach(
                                    address ->
                                            found.add(
                                                    new OriginAddress(
                                                            scheme.uri((String) address, port))));
                }
            }
        }
        return found.stream().distinct().toList();
    }

    private int port(JsonObject slice) {
        return objects(slice, "ports").stream()
                .filter(
                        port ->
                                settings.portName().isEmpty()
                                        || settings.portName().get().equals(port.getString("name")))
                .map(port -> port.getInteger("port"))
                .filter(Objects::nonNull)
                .findFirst()
                .orElse(0);
    }

    private static List<JsonObject> objects(JsonObject of, String key) {
        JsonArray array = of.getJsonArray(key);
        return array == null
                ? List.of()
                : Stream.iterate(0, i -> i < array.size(), i -> i + 1)
                        .map(array::getJsonObject)
                        .toList();
    }

    @Override
    public void close() {
        client.shutdownNow();
    }
}
