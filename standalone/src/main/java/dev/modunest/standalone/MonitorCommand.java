package dev.modunest.standalone;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;

import dev.modunest.format.log.NoteKey;
import dev.modunest.settings.Secret;
import dev.modunest.standalone.monitor.Finding;
import dev.modunest.standalone.monitor.LogMisbehavedException;
import dev.modunest.standalone.monitor.LogReader;
import dev.modunest.standalone.monitor.NamespaceWatch;
import dev.modunest.standalone.monitor.OwnSigners;
import dev.modunest.standalone.monitor.Progress;
import dev.modunest.standalone.monitor.RemoteLog;

import org.jspecify.annotations.Nullable;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

import java.io.IOException;
import java.io.PrintWriter;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;

/** Reads the transparency log for what concerns a namespace. */
@Command(
        name = "monitor",
        mixinStandardHelpOptions = true,
        description = {
            "Tells every entry of the registry's log that concerns your namespace, and marks those that you did",
            "not make: releases that no key of yours signed, certificates for other keys. Goes on where it was",
            "left, and demands proof that the log only grew since."
        },
        footer = {
            "",
            "Example: ./modunest monitor acme --registry https://registry.example.com --trusted-root trusted_root.json",
            "Exit code: 0 when nothing is foreign, 1 when something is, 2 for bad usage or when the log cannot be",
            "read, 3 when the log misbehaved; the evidence is in the file that is named."
        })
final class MonitorCommand implements Callable<Integer> {

    private static final int FOREIGN = 1;
    private static final int MISBEHAVED = 3;
    private static final Duration PATIENCE = Duration.ofSeconds(1);
    private static final int MOST_INTERVAL = 3600;

    @Parameters(paramLabel = "NAMESPACE")
    private String namespace = "";

    @Option(
            names = "--registry",
            paramLabel = "URL",
            defaultValue = "http://127.0.0.1:8080",
            description = "Where the log is served; default ${DEFAULT-VALUE}.")
    private URI registry = URI.create("http://127.0.0.1:8080");

    @Option(
            names = "--key",
            arity = "1..*",
            paramLabel = "FILE",
            description =
                    "Your keys: certificates or public keys, PEM; default what keygen and cert request left in ~/.modunest.")
    private List<Path> keys = List.of();

    @Option(
            names = "--repository",
            paramLabel = "URI",
            description = "A repository whose CI jobs sign for you, as their certificates name it.")
    private Set<String> repositories = Set.of();

    @Option(
            names = "--trusted-root",
            paramLabel = "FILE",
            description =
                    "The registry's trust root; default that of 'modunest up', ~/.modunest/trust/trusted_root.json.")
    private @Nullable Path trustedRoot;

    @Option(
            names = "--log-key",
            paramLabel = "VKEY",
            description = "A verifier key of the log instead, <origin>+<id>+<key>; once for each.")
    private List<String> logKeys = List.of();

    @Option(
            names = "--token-file",
            paramLabel = "FILE",
            description = "A token that may read the namespace, when it is private.")
    private @Nullable Path tokenFile;

    @Option(
            names = "--state",
            paramLabel = "FILE",
            description =
                    "Keeps how far the log was read; default ~/.modunest/monitor/NAMESPACE.json.")
    private @Nullable Path state;

    @Option(names = "--follow", description = "Goes on until Ctrl-C.")
    private boolean follow;

    @Option(
            names = "--interval",
            paramLabel = "SECONDS",
            defaultValue = "10",
            description = "Between two looks of --follow, 1 to 3600; default ${DEFAULT-VALUE}.")
    private int interval = 10;

    @Option(names = "--json", description = "One JSON object a line.")
    private boolean json;

    @Spec private CommandSpec spec;

    MonitorCommand() {}

    /** What one look found. */
    private static final class Look {
        private int foreign;
        private long entries;
    }

    @Override
    public Integer call() throws InterruptedException {
        if (interval < 1 || interval > MOST_INTERVAL) {
            throw StandaloneException.wrongUse(
                    "--interval is 1 to " + MOST_INTERVAL + ", not " + interval);
        }
        try {
            OwnSigners own =
                    new OwnSigners(OwnKeyFiles.read(keys, namespace), Set.copyOf(repositories));
            Path file =
                    state == null
                            ? UpCommand.defaultData()
                                    .resolve("monitor")
                                    .resolve(namespace + ".json")
                            : state;
            MonitorState kept = MonitorState.open(file, namespace);
            return follow ? follow(kept, own) : look(kept, own);
        } catch (IOException failed) {
            throw unreadable(failed);
        }
    }

    private StandaloneException unreadable(IOException failed) {
        return StandaloneException.wrongUse(
                "the log of " + registry + " cannot be read: " + failed.getMessage());
    }

    /** A registry that does not answer is asked again; a log that misbehaves ends it. */
    private int follow(MonitorState kept, OwnSigners own) throws InterruptedException {
        int worst = 0;
        try (StopSignal stop = StopSignal.install()) {
            do {
                try {
                    int exit = look(kept, own);
                    if (exit == MISBEHAVED) {
                        return exit;
                    }
                    worst = Math.max(worst, exit);
                } catch (IOException failed) {
                    spec.commandLine().getErr().println(unreadable(failed).getMessage());
                    spec.commandLine().getErr().flush();
                }
            } while (!stop.await(Duration.ofSeconds(interval)));
            if (worst == 0) {
                stop.succeeded();
            }
        }
        return worst;
    }

    private int look(MonitorState kept, OwnSigners own) throws IOException, InterruptedException {
        Look look = new Look();
        for (Map.Entry<String, List<NoteKey>> log : logs().entrySet()) {
            String origin = log.getKey();
            try (RemoteLog remote = new RemoteLog(registry, origin, token())) {
                NamespaceWatch watch = new NamespaceWatch(namespace, own, remote);
                Progress read =
                        new LogReader(remote, log.getValue(), PATIENCE)
                                .read(
                                        kept.find(origin),
                                        (first, entries, now) -> {
                                            tell(watch, first, entries, look);
                                            kept.keep(origin, now);
                                        });
                kept.keep(origin, read);
            } catch (LogMisbehavedException misbehaved) {
                return accuse(origin, misbehaved, kept);
            }
        }
        if (!json && !follow) {
            out().println(
                            look.entries
                                    + " new entries, "
                                    + look.foreign
                                    + " of them in "
                                    + namespace
                                    + " and not yours");
        }
        out().flush();
        return look.foreign > 0 ? FOREIGN : 0;
    }

    private Map<String, List<NoteKey>> logs() throws IOException {
        if (!logKeys.isEmpty()) {
            return MonitoredLogs.ofKeys(logKeys);
        }
        Path root =
                trustedRoot == null
                        ? UpCommand.defaultData().resolve("trust").resolve("trusted_root.json")
                        : trustedRoot;
        return MonitoredLogs.ofTrustedRoot(root, Instant.now());
    }

    private Optional<Secret> token() throws IOException {
        return tokenFile == null
                ? Optional.empty()
                : Optional.of(new Secret(Files.readString(tokenFile).strip()));
    }

    private void tell(NamespaceWatch watch, long first, List<byte[]> entries, Look look)
            throws IOException, InterruptedException {
        long index = first;
        for (byte[] entry : entries) {
            Optional<Finding> found = watch.find(index++, entry);
            if (found.isPresent()) {
                look.foreign += found.get().foreign().isPresent() ? 1 : 0;
                out().println(json ? found.get().json() : found.get());
            }
        }
        look.entries += entries.size();
        out().flush();
    }

    private int accuse(String origin, LogMisbehavedException misbehaved, MonitorState kept)
            throws IOException {
        ObjectNode evidence = misbehaved.evidence().put("log", origin);
        Path file = kept.keepEvidence(evidence, Instant.now());
        if (json) {
            out().println(
                            JsonNodeFactory.instance
                                    .objectNode()
                                    .put("log", origin)
                                    .put("fault", misbehaved.getMessage())
                                    .put("evidence", file.toString()));
        } else {
            out().println(
                            "MISBEHAVED  the log "
                                    + origin
                                    + ": "
                                    + misbehaved.getMessage()
                                    + "; the evidence is in "
                                    + file);
        }
        out().flush();
        return MISBEHAVED;
    }

    private PrintWriter out() {
        return spec.commandLine().getOut();
    }
}
