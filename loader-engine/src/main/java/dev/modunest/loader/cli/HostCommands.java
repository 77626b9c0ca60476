package dev.modunest.loader.cli;

import dev.modunest.format.Coordinate;
import dev.modunest.format.Dependency;
import dev.modunest.format.PluginId;
import dev.modunest.format.VersionRange;
import dev.modunest.format.resolve.LockJson;
import dev.modunest.format.resolve.Requirement;
import dev.modunest.loader.ExchangeReport;
import dev.modunest.loader.LoadReport;
import dev.modunest.loader.LoadedPlugin;
import dev.modunest.loader.LoaderException;
import dev.modunest.loader.Outcome;
import dev.modunest.loader.PluginLoader;
import dev.modunest.loader.PluginReport;
import dev.modunest.loader.UnloadedPlugin;
import dev.modunest.loader.resolve.DurableFile;
import dev.modunest.loader.resolve.GenerationFiles;
import dev.modunest.loader.resolve.Installation;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What a host that {@code load --keep} started does on a command: {@code list}, {@code reload ID},
 * {@code unload ID}, {@code rollback}, {@code why ID}.
 *
 * @param report of its load
 */
record HostCommands(Path directory, LoadReport report, GenerationFiles generations)
        implements ControlSocket.Commands {

    /** Stands before a command that is answered as JSON. */
    static final String AS_JSON = "json ";

    private static final Duration PROOF = Duration.ofSeconds(2);

    @Override
    public ControlSocket.Answer run(String line, PluginLoader loader) throws InterruptedException {
        boolean json = line.startsWith(AS_JSON);
        String[] words = (json ? line.substring(AS_JSON.length()) : line).split(" ", 2);
        String argument = words.length > 1 ? words[1].strip() : "";
        return switch (words[0]) {
            case "list" ->
                    new ControlSocket.Answer(
                            0, json ? HostJson.list(loader.plugins()) : list(loader));
            case "reload" -> answer(loader.reload(PluginId.parse(argument)), json);
            case "unload" -> unload(loader, PluginId.parse(argument), json);
            case "rollback" -> rollback(loader, json);
            case "why" -> why(loader, PluginId.parse(argument), json);
            default -> throw new IllegalArgumentException("'" + words[0] + "' is no command");
        };
    }

    private static ControlSocket.Answer answer(ExchangeReport report, boolean json) {
        return json
                ? new ControlSocket.Answer(report.done() ? 0 : 1, HostJson.exchange(report))
                : answer(report);
    }

    private static String list(PluginLoader loader) {
        StringBuilder text = new StringBuilder();
        for (LoadedPlugin plugin : loader.plugins()) {
            text.append(plugin.coordinate()).append('\n');
        }
        return text.toString();
    }

    private static ControlSocket.Answer answer(ExchangeReport report) {
        return switch (report.result()) {
            case ExchangeReport.Result.Done _ ->
                    new ControlSocket.Answer(
                            0,
                            report.former().size()
                                    + " plugins stopped, "
                                    + report.plugins().size()
                                    + " started in "
                                    + report.wall().toMillis()
                                    + " ms; calls waited "
                                    + report.pause().toMillis()
                                    + " ms\n");
            case ExchangeReport.Result.RolledBack undone ->
                    new ControlSocket.Answer(
                            1, undone.code() + ": " + undone.reason() + "; what ran goes on\n");
        };
    }

    private static ControlSocket.Answer unload(PluginLoader loader, PluginId plugin, boolean json)
            throws InterruptedException {
        ExchangeReport report = loader.unload(plugin);
        List<UnloadedPlugin> gone = loader.unloaded(PROOF);
        if (json) {
            return new ControlSocket.Answer(report.done() ? 0 : 1, HostJson.unloaded(report, gone));
        }
        ControlSocket.Answer done = answer(report);
        StringBuilder text = new StringBuilder(done.text());
        for (UnloadedPlugin unloaded : gone) {
            text.append(unloaded.coordinate())
                    .append(unloaded.collected() ? ": its classes are gone" : ": held")
                    .append('\n');
            unloaded.closed().forEach(line -> text.append("  closed: ").append(line).append('\n'));
            unloaded.holders().forEach(line -> text.append("  by: ").append(line).append('\n'));
        }
        return new ControlSocket.Answer(done.exitCode(), text.toString());
    }

    private ControlSocket.Answer rollback(PluginLoader loader, boolean json)
            throws InterruptedException {
        ExchangeReport report = loader.generations().rollback();
        if (report.done()) {
            writeLock();
        }
        return answer(report, json);
    }

    /** Makes the present generation what {@code load} loads. */
    void writeLock() {
        int number =
                generations
                        .current()
                        .orElseThrow(() -> new LoaderException("no-generation", "there is none"));
        Path file = directory.resolve(Installation.LOCK_FILE);
        try {
            DurableFile.write(
                    file,
                    LockJson.writeIndented(generations.read(number))
                            .getBytes(StandardCharsets.UTF_8));
        } catch (IOException unwritable) {
            throw new LoaderException(
                    "folder-unwritable", file + " cannot be written: " + unwritable, unwritable);
        }
    }

    /** Why a plugin is here, why in this version, and what became of it. */
    private ControlSocket.Answer why(PluginLoader loader, PluginId plugin, boolean json) {
        List<Demand> demands = demands(loader, plugin);
        Optional<PluginReport> became =
                report.plugins().stream()
                        .filter(one -> one.coordinate().plugin().equals(plugin))
                        .findFirst();
        if (json) {
            return new ControlSocket.Answer(0, HostJson.why(plugin, demands, became));
        }
        StringBuilder text = new StringBuilder();
        for (Demand demand : demands) {
            text.append(demand.by())
                    .append(" requires ")
                    .append(plugin)
                    .append('@')
                    .append(demand.range())
                    .append(demand.optional() ? ", optionally\n" : "\n");
        }
        became.ifPresent(one -> text.append(outcome(one)).append('\n'));
        return new ControlSocket.Answer(
                0,
                text.isEmpty()
                        ? plugin + " is neither required nor loaded here\n"
                        : text.toString());
    }

    /** Somebody who requires a plugin: {@code modunest.json}, or another plugin. */
    record Demand(String by, VersionRange range, boolean optional) {}

    private List<Demand> demands(PluginLoader loader, PluginId plugin) {
        List<Demand> demands = new ArrayList<>();
        for (Requirement required : Installation.read(directory).requirements()) {
            if (required.plugin().equals(plugin)) {
                demands.add(new Demand(Installation.REQUIREMENTS_FILE, required.range(), false));
            }
        }
        for (LoadedPlugin other : loader.plugins()) {
            for (Dependency dependency : other.manifest().requires()) {
                if (dependency.plugin().equals(plugin)) {
                    demands.add(
                            new Demand(
                                    other.coordinate().toString(),
                                    dependency.range(),
                                    dependency.optional()));
                }
            }
        }
        return demands;
    }

    private static String outcome(PluginReport report) {
        return switch (report.outcome()) {
            case Outcome.Loaded loaded ->
                    report.coordinate()
                            + " was chosen by the lock and loaded in "
                            + loaded.times().work().toMillis()
                            + " ms";
            case Outcome.Failed failed ->
                    report.coordinate()
                            + " failed: "
                            + failed.code()
                            + ": "
                            + failed.reason()
                            + String.join("\n  ", failed.causes());
            case Outcome.Skipped skipped ->
                    report.coordinate()
                            + " was skipped: "
                            + String.join(
                                    " -> ",
                                    skipped.chain().stream().map(Coordinate::toString).toList());
        };
    }
}
