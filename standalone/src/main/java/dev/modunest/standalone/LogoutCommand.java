package dev.modunest.standalone;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

import java.io.IOException;
import java.net.URI;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;

/** Ends the sign-in of {@link LoginCommand}. */
@Command(
        name = "logout",
        mixinStandardHelpOptions = true,
        description = "Ends your sign-in at a registry, there and here.",
        footer = {
            "",
            "Exit code: 0 when signed out, 1 when the registry does not answer, 2 for bad usage."
        })
final class LogoutCommand implements Callable<Integer> {

    @Option(
            names = "--registry",
            paramLabel = "URL",
            defaultValue = "http://127.0.0.1:8080",
            description = "The registry; default ${DEFAULT-VALUE}.")
    private URI registry = URI.create("http://127.0.0.1:8080");

    @Spec private CommandSpec spec;

    LogoutCommand() {}

    @Override
    public Integer call() throws IOException, InterruptedException {
        Optional<String> refresh = SignIns.ofUser().remove(registry);
        if (refresh.isPresent()) {
            try (OAuthClient client = new OAuthClient(registry)) {
                OAuthClient.Answer answer =
                        client.post(
                                "/oauth/revoke",
                                Map.of("client_id", OAuthClient.CLIENT, "token", refresh.get()));
                if (!answer.isGood()) {
                    spec.commandLine()
                            .getErr()
                            .println(
                                    "forgotten here, but not ended there: " + answer.description());
                    return 1;
                }
            }
        }
        spec.commandLine()
                .getOut()
                .println(
                        refresh.isPresent()
                                ? "Signed out of " + registry
                                : "You were not signed in at " + registry);
        return 0;
    }
}
