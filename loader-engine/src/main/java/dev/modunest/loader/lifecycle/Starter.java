package dev.modunest.loader.lifecycle;

import dev.modunest.format.Manifest;
import dev.modunest.loader.EntryPointAdapter;
import dev.modunest.loader.LoaderOptions;
import dev.modunest.loader.MissingServiceException;
import dev.modunest.loader.Outcome.Stage;
import dev.modunest.loader.Plugin;
import dev.modunest.loader.PluginAuthentication;
import dev.modunest.loader.PluginConfigException;
import dev.modunest.loader.StageTimes;
import dev.modunest.loader.config.ConfigFolder;
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

    private final LoaderOptions options;
    private final HostView host;
    private final EntryPointAdapter adapter;
    private final ConfigFolder configuration;
    private final Duration deadline;
    private final Optional<StartPace> pace;

    Starter(LoaderOptions options, ConfigFolder configuration, StartPace pace) {
        this.pace = Optional.of(pace);
        this.options = options;
        this.host = new HostView(options.host().classLoader(), options.host().packages());
        this.adapter = options.host().adapter();
        this.configuration = configuration;
        this.deadline = options.deadlines().start();
    }

    /** The class loader of {@code artifact}; none of its code runs. */
    PluginClassLoader isolate(VerifiedArtifact artifact, List<RunningPlugin> required)
            throws StageException {
        try {
            PluginClassLoader loader =
                    PluginClassLoader.of(
                            artifact,
                            host,
                            required.stream().map(RunningPlugin::classLoader).toList());
            if (options.plugins().checkLinks()) {
                requireLinks(loader);
            }
            return loader;
        } catch (WiringException ambiguous) {
            throw new StageException(
                    Stage.ISOLATE, "ambiguous-export", String.valueOf(ambiguous.getMessage()));
        } catch (IOException unreadable) {
            throw new StageException(
                    Stage.ISOLATE, "jar-unreadable", "the jar cannot be indexed", unreadable);
        }
    }

    private static void requireLinks(PluginClassLoader loader) throws IOException, StageException {
        List<String> faults = loader.linkFaults();
        if (!faults.isEmpty()) {
            loader.close();
            throw new StageException(Stage.ISOLATE, "incompatible", String.join("; ", faults));
        }
    }

    /**
     * Starts what {@code loader} was made of, and closes the loader when that fails.
     *
     * @param state what it takes over
     */
    RunningPlugin start(
            Planned planned,
            VerifiedArtifact artifact,
            PluginClassLoader loader,
            List<RunningPlugin> required,
            Optional<SavedState> state)
            throws StageException, InterruptedException {
        Manifest manifest = artifact.manifest();
        StartContext context = context(manifest, required);
        boolean started = false;
        try {
            Optional<Plugin> instance = Optional.empty();
            if (manifest.entryPoint().isPresent()) {
                instance = Optional.of(enter(manifest.entryPoint().get(), loader, context, state));
            }
            started = true;
            return new RunningPlugin(
                    planned,
                    manifest,
                    loader,
                    instance,
                    context,
                    StageTimes.ZERO,
                    artifact.trust(),
                    new LeaseGate());
        } finally {
            if (!started) {
                context.resources().close();
                context.close();
                loader.close();
            }
        }
    }

    /** Stops a plugin that nobody has seen yet. */
    void undo(RunningPlugin plugin) throws InterruptedException {
        try {
            plugin.stop(options.deadlines().stop());
        } finally {
            plugin.context().resources().close();
            plugin.context().close();
            plugin.classLoader().close();
        }
    }

    private StartContext context(Manifest manifest, List<RunningPlugin> required) {
        Optional<PluginAuthentication> authentication =
                options.identity().users().flatMap(service -> service.of(manifest));
        return new StartContext(
                manifest.coordinate(),
                new ServiceTable(),
                required,
                authentication,
                configuration.of(manifest.coordinate().plugin()),
                new HostFacts(
                        manifest.coordinate().plugin(),
                        options.host().version(),
                        options.plugins()),
                new OwnedResources(manifest.coordinate()));
    }

    private Plugin enter(
            String entryPoint,
            PluginClassLoader loader,
            StartContext context,
            Optional<SavedState> state)
            throws StageException, InterruptedException {
        AtomicBoolean givenUp = new AtomicBoolean();
        try {
            return PluginThread.call(
                    "modunest-start " + context.coordinate(),
                    loader,
                    deadline,
                    () -> run(loader.loadClass(entryPoint), context, state, givenUp),
                    pace);
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
    private Plugin run(
            Class<?> entryPoint,
            StartContext context,
            Optional<SavedState> state,
            AtomicBoolean givenUp)
            throws Exception {
        Plugin plugin = adapter.adapt(entryPoint);
        for (Class<?> wanted : plugin.requiredServices()) {
            context.service(wanted);
        }
        plugin.start(context);
        boolean whole = false;
        try {
            if (state.isPresent()) {
                StateTransfer.restore(plugin, state.get());
            }
            whole = !givenUp.get();
        } finally {
            if (!whole) {
                plugin.stop();
            }
        }
        return plugin;
    }

    private static StageException failure(Throwable thrown) {
        String first = Causes.of(thrown).getFirst();
        return switch (thrown) {
            case LinkageError unlinked ->
                    new StageException(
                            Stage.START,
                            "linkage-error",
                            "its classes do not fit what it sees: " + Causes.of(thrown).getLast(),
                            unlinked);
            case MissingServiceException missing ->
                    new StageException(Stage.START, "service-missing", first, missing);
            case PluginConfigException wrong ->
                    new StageException(Stage.START, "configuration-invalid", first, wrong);
            case StateTransfer.StateException refused ->
                    new StageException(
                            Stage.START, refused.code(), String.valueOf(refused.getMessage()));
            case Throwable other ->
                    new StageException(
                            Stage.START, "start-failed", "its start threw " + first, other);
        };
    }
}
