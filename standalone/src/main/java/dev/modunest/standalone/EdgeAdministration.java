package dev.modunest.standalone;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;

import dev.modunest.settings.Secret;

import org.jspecify.annotations.Nullable;

import picocli.CommandLine.Option;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;

/** The administration port of an edge (docs/operations/cdn-edge.md), and who may use it. */
final class EdgeAdministration {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String TOKEN = "MODUNEST_ADMIN_TOKEN";

    @Option(
            names = "--admin",
            paramLabel = "URL",
            defaultValue = "http://127.0.0.1:8082",
            description =
                    "The edge's administration, admin.address and admin.port; default ${DEFAULT-VALUE}.")
    private URI admin = URI.create("http://127.0.0.1:8082");

    @Option(
            names = "--token-file",
            paramLabel = "FILE",
            description =
                    "A file with the edge's admin.token; without it the MODUNEST_ADMIN_TOKEN variable is taken.")
    private @Nullable Path tokenFile;

    EdgeAdministration() {}

    JsonNode get(String path) throws InterruptedException {
        return send(path, HttpRequest.newBuilder().GET());
    }

    JsonNode post(String path, byte[] body) throws InterruptedException {
        return send(
                path,
                HttpRequest.newBuilder()
                        .header("Content-Type", "application/json")
                        .POST(HttpRequest.BodyPublishers.ofByteArray(body)));
    }

    private JsonNode send(String path, HttpRequest.Builder request) throws InterruptedException {
        Secret token = token();
        try {
            HttpResponse<byte[]> response =
                    ApiCall.exchange(token, request.uri(admin.resolve(path)));
            if (response.statusCode() / 100 == 2) {
                return JSON.readTree(response.body());
            }
            throw StandaloneException.refused("the edge refuses: " + ApiCall.refusal(response));
        } catch (IllegalArgumentException noAddress) {
            throw StandaloneException.wrongUse(
                    "--admin is an address as http://127.0.0.1:8082, not " + admin);
        } catch (IOException silent) {
            throw StandaloneException.refused(
                    "no edge administers at "
                            + admin
                            + " ("
                            + (silent.getMessage() == null
                                    ? silent.getClass().getSimpleName()
                                    : silent.getMessage())
                            + "); the port is open when the edge has admin.token, give its address as --admin URL",
                    silent);
        }
    }

    private Secret token() {
        String variable = System.getenv(TOKEN);
        if (tokenFile == null && variable != null) {
            return new Secret(variable.strip());
        }
        if (tokenFile == null) {
            throw StandaloneException.wrongUse(
                    "no token: give --token-file FILE with the edge's admin.token, or set "
                            + TOKEN);
        }
        try {
            return new Secret(Files.readString(tokenFile).strip());
        } catch (IOException unreadable) {
            throw StandaloneException.wrongUse("the token file " + tokenFile + " cannot be read");
        }
    }
}
