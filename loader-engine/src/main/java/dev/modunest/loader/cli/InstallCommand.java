package dev.modunest.loader.cli;

import dev.modunest.format.Coordinate;
import dev.modunest.format.resolve.Plan;
import dev.modunest.format.resolve.Requirement;
import dev.modunest.loader.LoaderException;
import dev.modunest.loader.LoaderOptions;
import dev.modunest.loader.lifecycle.Installer;
import dev.modunest.loader.resolve.Installation;

import org.jspecify.annotations.Nullable;

import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

import java.io.IOException;
import java.io.PrintWriter;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicLong;

/** {@code install COORDINATE... --into DIR}. */
@Command(
        name = "install",
        mixinStandardHelpOptions = true,
        description = {
            "Resolves plugins and what they require, and brings their artifacts into a folder.",
            "",
            "The folder gets modunest.json (what you asked for), modunest.lock.json (the exact"
                    + " releases and digests) and the artifacts. What it required before stays"
                    + " required. A failed installation changes nothing."
        },
        footer = {
            "",
            "Examples:",
            "  install acme/markdown --into plugins",
            "  install acme/markdown@^1.2 acme/qr-code@~2.0 --into plugins",
            "  install --frozen --into plugins",
            "  install --update --into plugins",
            "Then: load plugins",
            "Exit codes: 0 installed, 1 something failed and nothing changed, 2 wrong usage."
        })
public final class InstallCommand implements Callable<Integer> {

    @Spec private @Nullable CommandSpec spec;

    @Parameters(
            paramLabel = "COORDINATE",
            arity = "0..*",
            description = {
                "namespace/name for any version, or namespace/name@range.",
                "None: what modunest.json requires."
            })
    private List<String> coordinates = List.of();

    @Option(
            names = "--into",
            paramLabel = "DIR",
            required = true,
            description = "The folder; made when it is not there.")
    private Path into = Path.of("");

    @Option(
            names = "--frozen",
            description = {
                "Install exactly what modunest.lock.json names; fail when it is no answer to"
                        + " modunest.json any more."
            })
    private boolean frozen;

    @Option(
            names = "--update",
            description = "Solve anew: releases of the present lock have no precedence.")
    private boolean update;

    @Mixin private final RegistryOption registry = new RegistryOption();

    @Mixin private final HomeOption home = new HomeOption();

    @Mixin private final TrustOption trust;

    public InstallCommand() {
        this(InstantSource.system());
    }

    InstallCommand(InstantSource clock) {
        trust = new TrustOption(clock);
    }

    @Override
    public Integer call() throws InterruptedException {
        CommandLine command = LoadCommand.commandLine(spec);
        List<Requirement> wanted = Requirements.parse(coordinates, command);
        if (frozen && (update || !wanted.isEmpty())) {
            throw new CommandLine.ParameterException(
                    command, "--frozen changes nothing: leave out --update and the coordinates.");
        }
        URI source = registry.or(Installation.read(into).registry());
        LoaderOptions options =
                registry.route(home.apply(LoaderOptions.in(folder())))
                        .registry(source)
                        .trust(trust.options(home.folder(), source, command.getErr()))
                        .resolution(registry.resolution())
                        .build();
        Arrivals arrivals = new Arrivals();
        Installation done;
        try (arrivals) {
            done = bring(new Installer(options), wanted, arrivals);
        }
        PrintWriter out = command.getOut();
        out.println("Installed into " + into + ":");
        done.plan().orElseThrow().steps().forEach(step -> print(step, out));
        String load = command.getCommandSpec().qualifiedName().replaceFirst("install$", "load");
        out.println(arrivals.bytes.get() + " bytes fetched. Now type: " + load + " " + into);
        out.flush();
        return CommandLine.ExitCode.OK;
    }

    private Installation bring(Installer installer, List<Requirement> wanted, Arrivals arrivals)
            throws InterruptedException {
        if (frozen) {
            return installer.installFrozen(arrivals);
        }
        return installer.install(
                wanted, update ? Installer.Mode.UPDATE : Installer.Mode.KEEP, arrivals);
    }

    private Path folder() {
        try {
            return Files.createDirectories(into);
        } catch (IOException unusable) {
            throw new LoaderException(
                    "folder-unwritable", into + " cannot be made: " + unusable, unusable);
        }
    }

    private static void print(Plan.Step step, PrintWriter out) {
        out.println("  " + step.coordinate() + "  " + step.digest());
    }

    /** The progress of an installation. */
    private static final class Arrivals implements Installer.Listener, AutoCloseable {

        private final AtomicLong bytes = new AtomicLong();
        private @Nullable Progress progress;

        @Override
        public synchronized void resolved(Plan plan) {
            progress = Progress.start(System.err, "fetch", plan.steps().size(), "artifacts");
        }

        @Override
        public synchronized void arrived(Coordinate release, long networkBytes) {
            bytes.addAndGet(networkBytes);
            if (progress != null) {
                progress.step(1);
            }
        }

        @Override
        public synchronized void close() {
            if (progress != null) {
                progress.close();
                progress = null;
            }
        }
    }
}
