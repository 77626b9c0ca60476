package dev.modunest.standalone;

import com.fasterxml.jackson.databind.JsonNode;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

import java.io.IOException;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;

/** Says as whom the commands act. */
@Command(
        name = "whoami",
        mixinStandardHelpOptions = true,
        description = "Says as whom you act at a registry, and what your credential may do.",
        footer = {"", "Exit code: 0 when signed in, 1 when not, 2 for bad usage."})
final class WhoamiCommand implements Callable<Integer> {

    @Option(names = "--json", description = "The document of the registry.")
    private boolean json;

    @Mixin private RegistryOptions registry = new RegistryOptions();

    @Spec private CommandSpec spec;

    WhoamiCommand() {}

    @Override
    public Integer call() throws IOException, InterruptedException {
        JsonNode account =
                ApiCall.send(registry.registry(), registry.token(), "GET", "/api/v1/account", "");
        PrintWriter out = spec.commandLine().getOut();
        if (json) {
            out.println(account);
        } else {
            out.println(
                    account.path("account").asText()
                            + (account.path("administrator").asBoolean()
                                    ? ", an administrator"
                                    : "")
                            + " at "
                            + registry.registry());
            out.println("may: " + String.join(", ", texts(account.path("scopes"))));
            account.path("organizations")
                    .properties()
                    .forEach(
                            member ->
                                    out.println(
                                            member.getValue().asText()
                                                    + " of the organization "
                                                    + member.getKey()));
        }
        out.flush();
        return 0;
    }

    private static List<String> texts(JsonNode array) {
        List<String> texts = new ArrayList<>();
        array.forEach(text -> texts.add(text.asText()));
        return texts;
    }
}
