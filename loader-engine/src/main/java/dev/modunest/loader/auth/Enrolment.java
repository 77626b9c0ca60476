package dev.modunest.loader.auth;

import com.fasterxml.jackson.databind.node.ObjectNode;

import dev.modunest.format.StrictJson;
import dev.modunest.format.http.Problem;
import dev.modunest.loader.HostCredentials;
import dev.modunest.loader.HostKey;
import dev.modunest.loader.LoaderException;
import dev.modunest.loader.LoaderOptions.FetchOptions;
import dev.modunest.loader.fetch.FetchException;
import dev.modunest.loader.fetch.HttpTransport;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpRequest;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Makes a registry know this host: exchanges an enrolment code for an id, with a fresh key whose
 * private half stays here.
 *
 * @param registry where to enrol
 * @param code what an administrator gave out, {@code mne_...}; good for one host
 * @param name what people will call the host
 */
public record Enrolment(URI registry, String code, String name) {

    /** Once: a code that arrived is used up, whether or not the answer did. */
    private static final FetchOptions ONCE =
            new FetchOptions(
                    Duration.ofSeconds(5), Duration.ofSeconds(20), Duration.ofSeconds(30), 1, 1);

    private static final Pattern CODE = Pattern.compile("mne_[0-9A-Za-z]{49}");
    private static final int MAX_NAME = 100;
    private static final int MAX_BYTES = 64 << 10;

    public Enrolment {
        if (!CODE.matcher(code).matches()) {
            throw new IllegalArgumentException(
                    "This is no enrolment code: it is mne_ and 49 letters and digits. Ask an"
                            + " administrator of the registry for one.");
        }
        if (name.isBlank() || name.length() > MAX_NAME) {
            throw new IllegalArgumentException(
                    "A host's name has 1 to " + MAX_NAME + " characters.");
        }
    }

    /**
     * Enrols and writes the credentials into {@code home}, which must have none.
     *
     * @param edges where access tokens go besides the registry
     * @throws LoaderException when the registry refuses or does not answer, or {@code home} cannot
     *     be written; the code is unused when it could not be written from the start
     */
    public HostCredentials into(Path home, List<URI> edges) throws InterruptedException {
        if (HostCredentials.areIn(home)) {
            throw new LoaderException(
                    "host-already-enrolled",
                    home
                            + " has the credentials of a host: name another --home, or --replace them");
        }
        return replacing(home, edges);
    }

    /** As {@link #into}, over the credentials that {@code home} may have. */
    public HostCredentials replacing(Path home, List<URI> edges) throws InterruptedException {
        try {
            Files.deleteIfExists(Files.createTempFile(Files.createDirectories(home), "", ".new"));
            HostKey key = HostKey.generate();
            HostCredentials host = answered(ask(key), key);
            for (URI edge : edges) {
                host = host.withEdge(edge);
            }
            host.store(home);
            return host;
        } catch (IOException unwritable) {
            throw new LoaderException(
                    "host-home-unwritable", home + " cannot be written: " + unwritable, unwritable);
        }
    }

    private HttpTransport.Text ask(HostKey key) throws InterruptedException {
        ObjectNode body = StrictJson.JSON.createObjectNode().put("code", code);
        body.putObject("public_key")
                .put("kty", "OKP")
                .put("crv", "Ed25519")
                .put("x", Base64Url.encode(key.publicKey()));
        body.put("name", name);
        URI address = URI.create(registry.toString().replaceAll("/+$", "") + "/api/v1/hosts/enrol");
        try (HttpTransport transport = new HttpTransport(ONCE, Thread::sleep)) {
            return transport.exchange(
                    HttpRequest.newBuilder(address)
                            .header("Content-Type", "application/json")
                            .POST(HttpRequest.BodyPublishers.ofString(body.toString())),
                    MAX_BYTES);
        } catch (IOException | FetchException trouble) {
            throw new LoaderException(
                    "registry-unreachable",
                    registry
                            + " does not answer ("
                            + trouble.getMessage()
                            + "): check the address, and that the code is unused before trying"
                            + " again",
                    trouble);
        }
    }

    private HostCredentials answered(HttpTransport.Text answer, HostKey key) {
        if (answer.status() != 201) {
            throw refused(answer);
        }
        try {
            ObjectNode host = StrictJson.object(answer.body());
            return new HostCredentials(
                    StrictJson.text(host, "host").orElse(""),
                    name,
                    URI.create(StrictJson.text(host, "issuer").orElse("")),
                    Set.of(registry),
                    key);
        } catch (IllegalArgumentException unreadable) {
            throw new LoaderException(
                    "registry-answer",
                    registry
                            + " enrolled the host and sent no id and issuer that can be read: use a"
                            + " registry and a loader of the same release",
                    unreadable);
        }
    }

    private LoaderException refused(HttpTransport.Text answer) {
        Optional<Problem> problem = Problem.read(answer.body().getBytes(StandardCharsets.UTF_8));
        return problem.isPresent()
                ? new LoaderException(problem.get().code(), problem.get().detail())
                : new LoaderException(
                        "registry-answer",
                        registry
                                + " answered "
                                + answer.status()
                                + ": is it a Modu-Nest registry that enrols hosts?");
    }
}
