package dev.modunest.loader.lifecycle;

import dev.modunest.format.ArchiveLimits;
import dev.modunest.format.Coordinate;
import dev.modunest.format.resolve.Plan;
import dev.modunest.format.resolve.Requirement;
import dev.modunest.loader.LoaderException;
import dev.modunest.loader.LoaderOptions;
import dev.modunest.loader.fetch.HttpTransport;
import dev.modunest.loader.lifecycle.Supply.Supplied;
import dev.modunest.loader.resolve.Installation;
import dev.modunest.loader.resolve.Planner;
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

    /**
     * Adds {@code wanted} to what the folder requires and installs the whole.
     *
     * @throws LoaderException when there is no plan, or an artifact cannot be had
     */
    public Installation install(List<Requirement> wanted, Listener listener)
            throws InterruptedException {
        Path folder = options.cacheDirectory();
        Installation former = Installation.read(folder);
        try (HttpTransport transport = new HttpTransport(options.fetch(), Thread::sleep)) {
            Registries registries = new Registries(transport, options.fetch().maxArtifactBytes());
            List<Requirement> all = merge(former.requirements(), wanted);
            Plan plan =
                    new Planner(options.resolution(), options.host().version())
                            .plan(registries.client(options.registry()), all, installed(former));
            PlanOrder.check(plan, Set.of());
            listener.resolved(plan);
            fetch(plan, registries, listener);
            Installation done = new Installation(options.registry(), all, Optional.of(plan));
            done.write(folder);
            return done;
        } catch (IOException unwritable) {
            throw new LoaderException(
                    "folder-unwritable", folder + " cannot be written: " + unwritable, unwritable);
        }
    }

    private static List<Requirement> merge(List<Requirement> former, List<Requirement> wanted) {
        Map<String, Requirement> byPlugin = new TreeMap<>();
        former.forEach(one -> byPlugin.put(one.plugin().toString(), one));
        wanted.forEach(one -> byPlugin.put(one.plugin().toString(), one));
        return List.copyOf(byPlugin.values());
    }

    private static List<Coordinate> installed(Installation former) {
        return former.plan().stream()
                .flatMap(plan -> plan.steps().stream())
                .map(Plan.Step::coordinate)
                .toList();
    }

    private void fetch(Plan plan, Registries registries, Listener listener)
            throws InterruptedException {
        Permits permits = new Permits(options.permits());
        Supply supply =
                new Supply(
                        registries.artifacts(options.registry(), options.cacheDirectory()),
                        new Verifier(ArchiveLimits.DEFAULT, options.host().version()));
        Queue<String> failures = new ConcurrentLinkedQueue<>();
        LoadScope.runAll(
                plan.steps().stream()
                        .map(step -> fetching(step, supply, permits, listener, failures::add))
                        .toList());
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
            Plan.Step step,
            Supply supply,
            Permits permits,
            Listener listener,
            Consumer<String> failures) {
        return () -> {
            try {
                Supplied supplied = permits.holding(() -> supply.obtain(step));
                listener.arrived(step.coordinate(), supplied.networkBytes());
            } catch (StageException failed) {
                failures.accept(step.coordinate() + ": " + failed.failed().reason());
            } catch (InterruptedException cancelled) {
                failures.accept(step.coordinate() + ": cancelled");
            }
        };
    }
}
