package dev.modunest.loader.lifecycle;

import dev.modunest.format.Manifest;
import dev.modunest.loader.EntryPointAdapter;
import dev.modunest.loader.Outcome.Stage;
import dev.modunest.loader.Plugin;
import dev.modunest.loader.PluginAuthService;
import dev.modunest.loader.PluginAuthentication;
import dev.modunest.loader.StageTimes;
import dev.modunest.loader.isolate.HostView;
import dev.modunest.loader.isolate.PluginClassLoader;
import dev.modunest.loader.isolate.WiringException;
import dev.modunest.loader.verify.VerifiedArtifact;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;

/** Makes a running plugin of a verified artifact. Thread-safe. */
final class Starter {

    private final HostView host;
    private final EntryPointAdapter adapter;
    private final Optional<PluginAuthService> users;
    private final Duration deadline;

    Starter(
            HostView host,
            EntryPointAdapter adapter,
            Optional<PluginAuthService> users,
            Duration deadline) {
        this.host = host;
        this.adapter = adapter;
        this.users = users;
        this.deadline = deadline;
    }

    RunningPlugin start(VerifiedArtifact artifact, List<RunningPlugin> required)
            throws StageException, InterruptedException {
        PluginClassLoader loader = isolate(artifact, required);
        ServiceTable services = new ServiceTable();
        Manifest manifest = artifact.manifest();
        Optional<PluginAuthentication> authentication =
                users.flatMap(service -> service.of(manifest));
        boolean started = false;
        try {
            Optional<Plugin> instance = Optional.empty();
            if (manifest.entryPoint().isPresent()) {
                StartContext context =
                        new StartContext(manifest.coordinate(), services, required, authentication);
                instance = Optional.of(enter(manifest.entryPoint().get(), loader, context));
            }
            started = true;
            return new RunningPlugin(
                    manifest,
                    loader,
                    instance,
                    services,
                    authentication,
                    StageTimes.ZERO,
                    artifact.digest(),
                    artifact.trust());
        } finally {
            if (!started) {
                authentication.ifPresent(PluginAuthentication::close);
                loader.close();
            }
        }
    }

    private PluginClassLoader isolate(VerifiedArtifact artifact, List<RunningPlugin> required)
            throws StageException {
        try {
            return PluginClassLoader.of(
                    artifact, host, required.stream().map(RunningPlugin::classLoader).toList());
        } catch (WiringException ambiguous) {
            throw new StageException(
                    Stage.ISOLATE, "ambiguous-export", String.valueOf(ambiguous.getMessage()));
        } catch (IOException unreadable) {
            throw new StageException(
                    Stage.ISOLATE, "jar-unreadable", "the jar cannot be indexed", unreadable);
        }
    }

    private Plugin enter(String entryPoint, PluginClassLoader loader, StartContext context)
            throws StageException, InterruptedException {
        AtomicBoolean givenUp = new AtomicBoolean();
        try {
            return PluginThread.call(
                    "modunest-start " + context.coordinate(),
                    loader,
                    deadline,
                    () -> run(loader.loadClass(entryPoint), context, givenUp));
        } catch (ExecutionException thrown) {
            throw failure(Objects.requireNonNullElse(thrown.getCause(), thrown));
        } catch (TimeoutException late) {
            givenUp.set(true);
            throw new StageException(
                    Stage.START,
                    "deadline",
                    "it has not started within " + deadline.toMillis() + " ms");
        } catch (InterruptedException cancelled) {
            givenUp.set(true);
            throw cancelled;
        }
    }

    /** Starts the plugin, and stops it again when it came too late to be wanted. */
    private Plugin run(Class<?> entryPoint, StartContext context, AtomicBoolean givenUp)
            throws Exception {
        Plugin plugin = adapter.adapt(entryPoint);
        plugin.start(context);
        if (givenUp.get()) {
            plugin.stop();
        }
        return plugin;
    }

    private static StageException failure(Throwable thrown) {
        return switch (thrown) {
            case LinkageError unlinked ->
                    new StageException(
                            Stage.START,
                            "linkage-error",
                            "its classes do not fit what it sees: " + Causes.of(thrown).getLast(),
                            unlinked);
            case Throwable other ->
                    new StageException(
                            Stage.START,
                            "start-failed",
                            "its start threw " + Causes.of(thrown).getFirst(),
                            other);
        };
    }
}
