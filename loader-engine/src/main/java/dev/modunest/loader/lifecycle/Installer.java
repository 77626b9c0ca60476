package dev.modunest.loader.lifecycle;

import dev.modunest.format.ArchiveLimits;
import dev.modunest.format.Coordinate;
import dev.modunest.format.resolve.Lock;
import dev.modunest.format.resolve.Plan;
import dev.modunest.format.resolve.Requirement;
import dev.modunest.format.resolve.ResolveRequest;
import dev.modunest.loader.LoaderException;
import dev.modunest.loader.LoaderOptions;
import dev.modunest.loader.auth.HostTokens;
import dev.modunest.loader.fetch.ArtifactSource;
import dev.modunest.loader.fetch.HttpTransport;
import dev.modunest.loader.lifecycle.Supply.Supplied;
import dev.modunest.loader.resolve.GenerationFiles;
import dev.modunest.loader.resolve.Installation;
import dev.modunest.loader.resolve.Planner;
import dev.modunest.loader.trust.ReleaseTrust;
import dev.modunest.loader.trust.Trust;
import dev.modunest.loader.verify.Inspections;
import dev.modunest.loader.verify.Verifier;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Consumer;

/**
 * Brings the artifacts of requirements into a folder, verified, and writes its lock last: a failed
 * installation leaves the former one.
 */
public final class Installer {

    private final LoaderOptions options;

    /**
     * An installer into one folder.
     *
     * @param options the cache directory is the folder to install into
     */
    public Installer(LoaderOptions options) {
        this.options = options;
    }

    /** Told as the installation goes on. */
    public interface Listener {
        void resolved(Plan plan);

        /** One artifact is there and verified; called by several threads. */
        void arrived(Coordinate release, long networkBytes);
    }

    /** How the lock that a folder has takes part. */
    public enum Mode {
        /** Its releases stay while they satisfy every range. */
        KEEP,
        /** Everything is solved anew. */
        UPDATE
    }

    /**
     * Adds {@code wanted} to what the folder requires and installs the whole.
     *
     * @throws LoaderException when there is no plan, or an artifact cannot be had
     */
    public Installation install(List<Requirement> wanted, Mode mode, Listener listener)
            throws InterruptedException {
        Path folder = options.cacheDirectory();
        Installation former = Installation.read(folder);
        List<Requirement> all = merge(former.requirements(), wanted);
        if (all.isEmpty()) {
            throw new LoaderException(
                    "nothing-to-install", folder + " requires nothing yet: name a plugin");
        }
        try (HttpTransport transport = HostTokens.transport(options)) {
            Registries registries = new Registries(transport, options.fetch());
            ResolveRequest request =
                    ResolveRequest.of(all)
                            .withLocked(
                                    mode == Mode.UPDATE
                                            ? List.of()
                                            : former.lock().map(Lock::releases).orElse(List.of()));
            Lock lock = new Planner(options).plan(registries.client(options.registry()), request);
            bring(lock.plan(), registries, transport, listener);
            Installation done = new Installation(options.registry(), all, Optional.of(lock));
            done.write(folder);
            GenerationFiles generations = new GenerationFiles(options);
            generations.commit(generations.add(lock));
            return done;
        } catch (IOException unwritable) {
            throw new LoaderException(
                    "folder-unwritable", folder + " cannot be written: " + unwritable, unwritable);
        }
    }

    /**
     * Brings exactly what the folder's lock names, and changes neither lock nor requirements.
     *
     * @throws LoaderException when there is no lock, or it is no answer to the requirements any
     *     more
     */
    public Installation installFrozen(Listener listener) throws InterruptedException {
        Path folder = options.cacheDirectory();
        Installation former = Installation.read(folder);
        Lock lock =
                former.lock()
                        .orElseThrow(
                                () ->
                                        new LoaderException(
                                                "no-lock",
                                                folder
                                                        + " has no modunest.lock.json: install"
                                                        + " without --frozen once"));
        try (HttpTransport transport = HostTokens.transport(options)) {
            Registries registries = new Registries(transport, options.fetch());
            new Planner(options)
                    .verify(registries.client(options.registry()), lock, former.requirements());
            bring(lock.plan(), registries, transport, listener);
        }
        return former;
    }

    private void bring(Plan plan, Registries registries, HttpTransport transport, Listener listener)
            throws InterruptedException {
        PlanOrder.check(plan, Set.of());
        listener.resolved(plan);
        Trust trust = new Trust(options.trust(), transport);
        trust.remembering(
                () -> {
                    ReleaseTrust known = trust.refresh(options.registry());
                    fetch(plan, registries, known, listener);
                    known.save();
                    return known;
                });
    }

    private static List<Requirement> merge(List<Requirement> former, List<Requirement> wanted) {
        Map<String, Requirement> byPlugin = new TreeMap<>();
        former.forEach(one -> byPlugin.put(one.plugin().toString(), one));
        wanted.forEach(one -> byPlugin.put(one.plugin().toString(), one));
        return List.copyOf(byPlugin.values());
    }

    private void fetch(Plan plan, Registries registries, ReleaseTrust known, Listener listener)
            throws InterruptedException {
        ArtifactSource source = registries.artifacts(options.registry(), options.cacheDirectory());
        Inspections inspections = Inspections.in(options.inspectionsFile(), ArchiveLimits.DEFAULT);
        Supply supply =
                new Supply(
                        new Verifier(
                                ArchiveLimits.DEFAULT,
                                options.host().version(),
                                known,
                                inspections),
                        new LoadingSlots(options.budget()),
                        options.deadlines().verify());
        Queue<String> failures = new ConcurrentLinkedQueue<>();
        LoadScope.runAll(
                plan.steps().stream()
                        .map(step -> new Planned(step, source))
                        .map(planned -> fetching(planned, supply, listener, failures::add))
                        .toList());
        inspections.save();
        if (!failures.isEmpty()) {
            throw new LoaderException(
                    "install-failed",
                    "nothing was changed: "
                            + failures.size()
                            + " of "
                            + plan.steps().size()
                            + " artifacts could not be had",
                    failures.stream().sorted().toList());
        }
    }

    private static Runnable fetching(
            Planned planned, Supply supply, Listener listener, Consumer<String> failures) {
        return () -> {
            try {
                Supplied supplied = supply.obtain(planned, 0);
                listener.arrived(planned.coordinate(), supplied.networkBytes());
            } catch (StageException failed) {
                failures.accept(
                        planned.coordinate()
                                + ": "
                                + failed.failed().code()
                                + ": "
                                + failed.failed().reason());
            } catch (InterruptedException cancelled) {
                failures.accept(planned.coordinate() + ": cancelled");
            }
        };
    }
}
