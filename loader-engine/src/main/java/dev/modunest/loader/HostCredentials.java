package dev.modunest.loader;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;

import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Locale;
import java.util.Set;
import java.util.UUID;

/**
 * What a host has since it was enrolled at a registry. Its access tokens go to {@code origins} and
 * nowhere else.
 *
 * @param host its id at the registry, a UUID
 * @param name what people call it
 * @param issuer who gives it access tokens
 * @param origins scheme, host and port of the registry and of edges
 */
public record HostCredentials(String host, String name, URI issuer, Set<URI> origins, HostKey key) {

    public static final String KEY_FILE = "key.pem";
    public static final String HOST_FILE = "host.json";

    private static final JsonMapper JSON = new JsonMapper();

    public HostCredentials {
        if (!UUID.fromString(host).toString().equals(host)) {
            throw new IllegalArgumentException("'" + host + "' is no id of a host");
        }
        originOf(issuer);
        Set<URI> normal = new HashSet<>();
        origins.forEach(uri -> normal.add(originOf(uri)));
        origins = Set.copyOf(normal);
    }

    /** Scheme, host and port of {@code uri}, written in one way. */
    private static URI originOf(URI uri) {
        String scheme = String.valueOf(uri.getScheme()).toLowerCase(Locale.ROOT);
        if (!(scheme.equals("http") || scheme.equals("https")) || uri.getHost() == null) {
            throw new IllegalArgumentException("'" + uri + "' is no http or https address");
        }
        int port = uri.getPort() >= 0 ? uri.getPort() : scheme.equals("http") ? 80 : 443;
        return URI.create(scheme + "://" + uri.getHost().toLowerCase(Locale.ROOT) + ":" + port);
    }

    /** Whether a token may be sent to {@code uri}. */
    public boolean mayGoTo(URI uri) {
        return uri.getHost() != null && origins.contains(originOf(uri));
    }

    /** The same, with tokens going to {@code edge}, too. */
    public HostCredentials withEdge(URI edge) {
        Set<URI> more = new HashSet<>(origins);
        more.add(edge);
        return new HostCredentials(host, name, issuer, more, key);
    }

    /** Whether {@code home} has credentials. */
    public static boolean areIn(Path home) {
        return Files.exists(home.resolve(HOST_FILE));
    }

    /**
     * Reads what {@code host enrol} left in {@code home}.
     *
     * @throws LoaderException when there is nothing, or it cannot be used
     */
    public static HostCredentials in(Path home) {
        Path file = home.resolve(HOST_FILE);
        if (!areIn(home)) {
            throw new LoaderException(
                    "host-not-enrolled",
                    home
                            + " has no "
                            + HOST_FILE
                            + ": ask an administrator of the registry for an enrolment code and"
                            + " type 'host enrol'");
        }
        try {
            JsonNode node = JSON.readTree(Files.readString(file));
            Set<URI> origins = new HashSet<>();
            node.path("origins").forEach(origin -> origins.add(URI.create(origin.asText())));
            return new HostCredentials(
                    node.path("host").asText(""),
                    node.path("name").asText(""),
                    URI.create(node.path("issuer").asText("")),
                    origins,
                    HostKey.load(home.resolve(KEY_FILE)));
        } catch (JsonProcessingException | IllegalArgumentException wrong) {
            throw new LoaderException(
                    "host-credentials-unusable",
                    file
                            + " is not what 'host enrol' wrote ("
                            + wrong.getMessage()
                            + "): restore it or enrol the host again",
                    wrong);
        } catch (IOException unreadable) {
            throw new LoaderException(
                    "host-credentials-unusable",
                    file + " cannot be read: " + unreadable,
                    unreadable);
        }
    }

    /** Writes {@code key.pem} and {@code host.json} into {@code home}, each rw-------. */
    public void store(Path home) throws IOException {
        ObjectNode node =
                JSON.createObjectNode()
                        .put("host", host)
                        .put("name", name)
                        .put("issuer", issuer.toString());
        origins.stream().map(URI::toString).sorted().forEach(node.putArray("origins")::add);
        key.store(home.resolve(KEY_FILE));
        PrivateFiles.write(
                home.resolve(HOST_FILE),
                (node.toPrettyString() + "\n").getBytes(StandardCharsets.UTF_8));
    }
}
