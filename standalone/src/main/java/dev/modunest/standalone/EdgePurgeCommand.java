package dev.modunest.standalone;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.Callable;

/** Drops from an edge what is named. */
@Command(
        name = "purge",
        mixinStandardHelpOptions = true,
        description = "Drops from a running edge what any of the names selects.",
        footer = {
            "",
            "Example: ./modunest edge purge /index/acme/a --tag product-17",
            "Exit code: 0 when nothing of it is used any more, also when there was nothing, 1 when the edge refuses",
            "or does not answer, 2 for bad usage."
        })
final class EdgePurgeCommand implements Callable<Integer> {

    @Parameters(
            arity = "0..*",
            paramLabel = "URL",
            description =
                    "A path with its query, all variants; of an absolute URL the host does not matter.")
    private List<String> urls = List.of();

    @Option(names = "--prefix", paramLabel = "PATH", description = "Whatever begins so.")
    private List<String> prefixes = List.of();

    @Option(
            names = "--tag",
            paramLabel = "TAG",
            description = "Responses with it in Cache-Tag or Surrogate-Key.")
    private List<String> tags = List.of();

    @Option(
            names = "--digest",
            paramLabel = "sha256:HEX",
            description = "The object, and all responses that have it as content.")
    private List<String> digests = List.of();

    @Option(
            names = "--soft",
            description = "Outdates responses instead: the origin is asked before they are used.")
    private boolean soft;

    @Option(names = "--json", description = "The answer of the edge.")
    private boolean json;

    @Mixin private EdgeAdministration edge = new EdgeAdministration();

    @Spec private CommandSpec spec;

    EdgePurgeCommand() {}

    @Override
    public Integer call() throws InterruptedException {
        ObjectNode named = JsonNodeFactory.instance.objectNode();
        put(named, "urls", urls);
        put(named, "prefixes", prefixes);
        put(named, "tags", tags);
        put(named, "digests", digests);
        if (named.isEmpty()) {
            throw StandaloneException.wrongUse(
                    "name what is to go: a URL, --prefix, --tag or --digest, one at least");
        }
        JsonNode answer =
                edge.post(
                        "/-/purge",
                        named.put("soft", soft).toString().getBytes(StandardCharsets.UTF_8));
        PrintWriter out = spec.commandLine().getOut();
        out.println(
                json
                        ? answer.toString()
                        : answer.path("responses").asLong()
                                + " responses "
                                + (soft ? "outdated" : "dropped")
                                + ", "
                                + answer.path("objects").asLong()
                                + " objects gone");
        out.flush();
        return 0;
    }

    private static void put(ObjectNode named, String member, List<String> texts) {
        if (!texts.isEmpty()) {
            ArrayNode array = named.putArray(member);
            texts.forEach(array::add);
        }
    }
}
