package dev.modunest.standalone;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

import dev.modunest.format.ArchiveProblem;
import dev.modunest.format.Inspection;
import dev.modunest.settings.ByteSize;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;

@Command(
        name = "inspect",
        mixinStandardHelpOptions = true,
        description = {
            "Says what the registry's inspection says of jars, without a registry.",
            "Every problem is listed with its place and its fix; docs/format/archive.md explains the codes."
        },
        footer = {
            "",
            "Example: ./modunest inspect target/*.jar",
            "Exit code: 0 when all are accepted, 1 when one is refused, 2 for bad usage."
        })
final class InspectCommand implements Callable<Integer> {

    private static final ObjectMapper JSON = new ObjectMapper();

    @Parameters(
            arity = "1..*",
            paramLabel = "JAR|DIR",
            description = "Files, or folders: all .jar and .zip files below them.")
    private List<Path> paths = List.of();

    @Option(names = "--json", description = "One JSON object a line for each file.")
    private boolean json;

    @Spec private CommandSpec spec;

    InspectCommand() {}

    @Override
    public Integer call() throws IOException {
        PrintWriter out = spec.commandLine().getOut();
        boolean refused = false;
        for (Path file : PluginJar.filesBelow(paths)) {
            Inspection inspection = PluginJar.inspect(file);
            refused |= inspection instanceof Inspection.Refused;
            out.print(json ? toJson(file, inspection) + "\n" : toText(file, inspection));
            out.flush();
        }
        return refused ? 1 : 0;
    }

    private static String toText(Path file, Inspection inspection) {
        StringBuilder text = new StringBuilder();
        switch (inspection) {
            case Inspection.Accepted accepted -> {
                text.append("accepted ").append(file).append('\n');
                text.append("  ")
                        .append(accepted.manifest().coordinate())
                        .append(", ")
                        .append(accepted.entries())
                        .append(" entries, ")
                        .append(ByteSize.describe(accepted.size()))
                        .append(", unpacked ")
                        .append(ByteSize.describe(accepted.unpackedSize()))
                        .append('\n');
                accepted.manifest()
                        .requires()
                        .forEach(d -> text.append("  requires ").append(d).append('\n'));
                accepted.unknownFields()
                        .forEach(f -> text.append("  unknown field ").append(f).append('\n'));
            }
            case Inspection.Refused(List<ArchiveProblem> problems) -> {
                text.append("refused  ").append(file).append('\n');
                problems.forEach(problem -> text.append("  ").append(problem).append('\n'));
            }
        }
        return text.toString();
    }

    private static String toJson(Path file, Inspection inspection) throws IOException {
        ObjectNode line = JSON.createObjectNode();
        line.put("file", file.toString());
        switch (inspection) {
            case Inspection.Accepted accepted -> {
                line.put("accepted", true);
                line.put("coordinate", accepted.manifest().coordinate().toString());
                line.put("entries", accepted.entries());
                line.put("size", accepted.size());
                line.put("unpacked_size", accepted.unpackedSize());
                line.set("manifest", JSON.readTree(accepted.manifestJson()));
                ArrayNode unknown = line.putArray("unknown_fields");
                accepted.unknownFields().forEach(unknown::add);
            }
            case Inspection.Refused(List<ArchiveProblem> problems) -> {
                line.put("accepted", false);
                ProblemsJson.write(problems, line);
            }
        }
        return JSON.writeValueAsString(line);
    }
}
