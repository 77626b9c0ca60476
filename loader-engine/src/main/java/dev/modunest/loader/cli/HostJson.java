package dev.modunest.loader.cli;

import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

import dev.modunest.format.PluginId;
import dev.modunest.loader.ExchangeReport;
import dev.modunest.loader.LoadedPlugin;
import dev.modunest.loader.PluginReport;
import dev.modunest.loader.PluginUsage;
import dev.modunest.loader.UnloadedPlugin;
import dev.modunest.loader.resolve.GenerationFiles;

import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * Answers of the commands of a host for machines, as {@code docs/operations/loader.md} has them.
 */
final class HostJson {

    private static final JsonMapper JSON = new JsonMapper();

    private HostJson() {}

    static String list(List<LoadedPlugin> plugins) {
        ObjectNode root = JSON.createObjectNode();
        ArrayNode all = root.putArray("plugins");
        for (LoadedPlugin plugin : plugins) {
            PluginUsage usage = plugin.usage();
            all.addObject()
                    .put("plugin", plugin.coordinate().plugin().toString())
                    .put("version", plugin.coordinate().version().toString())
                    .put("classes", usage.classes())
                    .put("class_bytes", usage.classBytes())
                    .put("artifact_bytes", usage.jarBytes())
                    .put("open_resources", usage.openResources())
                    .put("leases", usage.leases());
        }
        return line(root);
    }

    static String exchange(ExchangeReport report) {
        return line(tree(report));
    }

    static String unloaded(ExchangeReport report, List<UnloadedPlugin> gone) {
        ObjectNode root = tree(report);
        ArrayNode all = root.putArray("unloaded");
        for (UnloadedPlugin plugin : gone) {
            ObjectNode one =
                    all.addObject()
                            .put("plugin", plugin.coordinate().toString())
                            .put("collected", plugin.collected());
            plugin.closed().forEach(one.putArray("closed")::add);
            plugin.holders().forEach(one.putArray("holders")::add);
        }
        return line(root);
    }

    private static ObjectNode tree(ExchangeReport report) {
        ObjectNode root = JSON.createObjectNode().put("done", report.done());
        if (report.result() instanceof ExchangeReport.Result.RolledBack undone) {
            root.put("code", undone.code()).put("reason", undone.reason());
        }
        ArrayNode stopped = root.putArray("stopped");
        report.former().forEach(release -> stopped.add(release.toString()));
        ArrayNode started = root.putArray("started");
        report.plugins().forEach(plugin -> started.add(plugin.coordinate().toString()));
        return root.put("wall_ms", report.wall().toMillis())
                .put("pause_ms", report.pause().toMillis());
    }

    static String why(
            PluginId plugin, List<HostCommands.Demand> demands, Optional<PluginReport> became) {
        ObjectNode root = JSON.createObjectNode().put("plugin", plugin.toString());
        ArrayNode required = root.putArray("required_by");
        for (HostCommands.Demand demand : demands) {
            required.addObject()
                    .put("by", demand.by())
                    .put("range", demand.range().toString())
                    .put("optional", demand.optional());
        }
        became.ifPresent(report -> ReportJson.write(report, root.putObject("release")));
        return line(root);
    }

    /** The lock that was put in place. */
    static String locked(GenerationFiles generations) {
        ObjectNode root = JSON.createObjectNode().put("done", true);
        generations.current().ifPresent(number -> root.put("generation", number));
        return root.toString();
    }

    static String findings(Doctor doctor) {
        ObjectNode root = JSON.createObjectNode().put("well", doctor.well());
        ArrayNode all = root.putArray("findings");
        for (Doctor.Finding finding : doctor.findings()) {
            all.addObject()
                    .put("state", finding.state().name().toLowerCase(Locale.ROOT))
                    .put("text", finding.text());
        }
        return line(root);
    }

    private static String line(ObjectNode root) {
        return root + "\n";
    }
}
