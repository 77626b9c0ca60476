package dev.modunest.standalone;

import com.fasterxml.jackson.databind.JsonNode;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

import java.io.IOException;
import java.io.PrintWriter;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;

/** Signs the user in by a browser, on this machine or on another (RFC 8628). */
@Command(
        name = "login",
        mixinStandardHelpOptions = true,
        description =
                "Signs you in: shows an address and a code, and waits until you agree in a browser.",
        footer = {
            "",
            "The sign-in is kept in ~/.modunest/sign-ins.json and used by the other commands; 'logout' ends it.",
            "Example: ./modunest login --registry https://registry.example",
            "Exit code: 0 when signed in, 1 when it was denied or took too long, 2 for bad usage."
        })
final class LoginCommand implements Callable<Integer> {

    private static final String GRANT = "urn:ietf:params:oauth:grant-type:device_code";
    private static final Duration SLOWER = Duration.ofSeconds(5);

    @Option(
            names = "--registry",
            paramLabel = "URL",
            defaultValue = "http://127.0.0.1:8080",
            description = "The registry; default ${DEFAULT-VALUE}.")
    private URI registry = URI.create("http://127.0.0.1:8080");

    @Option(
            names = "--scope",
            paramLabel = "SCOPE",
            description =
                    "Limits what the sign-in may do, as in release.publish:acme/*; can be repeated. Default: all that you may.")
    private List<String> scopes = List.of();

    @Spec private CommandSpec spec;

    LoginCommand() {}

    @Override
    public Integer call() throws IOException, InterruptedException {
        PrintWriter out = spec.commandLine().getOut();
        try (OAuthClient client = new OAuthClient(registry)) {
            JsonNode begun = begin(client);
            out.printf(
                    "Open %s%nand compare the code  %s%n",
                    begun.path("verification_uri_complete").asText(),
                    begun.path("user_code").asText());
            out.flush();
            OAuthClient.Answer answer = await(client, begun);
            if (!answer.isGood()) {
                spec.commandLine()
                        .getErr()
                        .println("not signed in: " + answer.description() + "; try again");
                return 1;
            }
            SignIns.ofUser().put(registry, answer.body());
            out.println("Signed in at " + registry + "; './modunest whoami' says as whom.");
            out.flush();
            return 0;
        }
    }

    private JsonNode begin(OAuthClient client) throws InterruptedException {
        Map<String, String> form = new HashMap<>();
        form.put("client_id", OAuthClient.CLIENT);
        if (!scopes.isEmpty()) {
            form.put("scope", String.join(" ", scopes));
        }
        OAuthClient.Answer answer = client.post("/oauth/device_authorization", form);
        if (!answer.isGood()) {
            throw StandaloneException.refused(
                    "the registry does not begin a sign-in: " + answer.description());
        }
        return answer.body();
    }

    private static OAuthClient.Answer await(OAuthClient client, JsonNode begun)
            throws InterruptedException {
        Duration interval = Duration.ofSeconds(begun.path("interval").asLong(5));
        Instant end = Instant.now().plusSeconds(begun.path("expires_in").asLong());
        while (true) {
            Thread.sleep(interval);
            OAuthClient.Answer answer =
                    client.post(
                            "/oauth/token",
                            Map.of(
                                    "grant_type",
                                    GRANT,
                                    "client_id",
                                    OAuthClient.CLIENT,
                                    "device_code",
                                    begun.path("device_code").asText()));
            boolean wait =
                    answer.error().equals("authorization_pending")
                            || answer.error().equals("slow_down");
            if (!wait || Instant.now().isAfter(end)) {
                return answer;
            }
            if (answer.error().equals("slow_down")) {
                interval = interval.plus(SLOWER);
            }
        }
    }
}
