package dev.modunest.loader.cli;

import dev.modunest.loader.HostCredentials;
import dev.modunest.loader.auth.Enrolment;

import org.jspecify.annotations.Nullable;

import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

import java.io.IOException;
import java.io.PrintWriter;
import java.net.InetAddress;
import java.net.URI;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.Callable;

/** {@code host enrol} and {@code host show}. */
@Command(
        name = "host",
        mixinStandardHelpOptions = true,
        description = "This host's identity at a registry.",
        subcommands = {HostCommand.Enrol.class, HostCommand.Show.class},
        footer = {
            "",
            "Examples:",
            "  host enrol --registry https://registry.example --code mne_...",
            "  host show",
            "Exit codes: 0 done, 1 something failed, 2 wrong usage."
        })
public final class HostCommand implements Runnable {

    @Spec private @Nullable CommandSpec spec;

    @Override
    public void run() {
        throw new CommandLine.ParameterException(
                LoadCommand.commandLine(spec), "Say what about the host: enrol or show.");
    }

    /** {@code host enrol --registry URL --code CODE}. */
    @Command(
            name = "enrol",
            mixinStandardHelpOptions = true,
            description = {
                "Makes a registry know this host.",
                "",
                "A key pair is made here and its private half stays here. From then on 'install' and"
                        + " 'load' say which host asks, to that registry and to the edges named."
            })
    static final class Enrol implements Callable<Integer> {

        @Spec private @Nullable CommandSpec spec;

        @Option(
                names = "--registry",
                paramLabel = "URL",
                required = true,
                description = "The registry.")
        private URI registry = URI.create("");

        @Option(
                names = "--code",
                paramLabel = "CODE",
                required = true,
                description = "The enrolment code, mne_...; good for one host.")
        private String code = "";

        @Option(
                names = "--name",
                paramLabel = "NAME",
                description = "What people will call the host. Default: its network name.")
        private @Nullable String name;

        @Option(
                names = "--edge",
                paramLabel = "URL",
                description = "An edge that may be told, too, which host asks; may be repeated.")
        private List<URI> edges = List.of();

        @Option(names = "--replace", description = "Replace the credentials that the folder has.")
        private boolean replace;

        @Mixin private final HomeOption home = new HomeOption();

        @Override
        public Integer call() throws InterruptedException {
            CommandLine command = LoadCommand.commandLine(spec);
            Enrolment enrolment = enrolment(command);
            Path folder = home.folder();
            warnOfPlainHttp(command.getErr());
            HostCredentials host =
                    replace ? enrolment.replacing(folder, edges) : enrolment.into(folder, edges);
            PrintWriter out = command.getOut();
            out.println("Enrolled at " + registry + ":");
            print(host, folder, out);
            return CommandLine.ExitCode.OK;
        }

        private void warnOfPlainHttp(PrintWriter err) {
            boolean local = registry.getHost().matches("localhost|127(?:\\.[0-9]+){3}|\\[::1]");
            if (registry.getScheme().equals("http") && !local) {
                err.println(
                        "Warning: http shows the code, and later access tokens, to whoever is"
                                + " between this host and "
                                + registry.getHost()
                                + ".");
                err.flush();
            }
        }

        private Enrolment enrolment(CommandLine command) {
            try {
                return new Enrolment(registry, code, name == null ? networkName() : name);
            } catch (IllegalArgumentException wrong) {
                throw new CommandLine.ParameterException(command, wrong.getMessage(), wrong);
            }
        }

        private static String networkName() {
            try {
                return InetAddress.getLocalHost().getHostName();
            } catch (IOException nameless) {
                return "host";
            }
        }
    }

    /** {@code host show}. */
    @Command(
            name = "show",
            mixinStandardHelpOptions = true,
            description = "Shows who this host is, and nothing secret.")
    static final class Show implements Callable<Integer> {

        @Spec private @Nullable CommandSpec spec;

        @Mixin private final HomeOption home = new HomeOption();

        @Override
        public Integer call() {
            Path folder = home.folder();
            print(HostCredentials.in(folder), folder, LoadCommand.commandLine(spec).getOut());
            return CommandLine.ExitCode.OK;
        }
    }

    private static void print(HostCredentials host, Path folder, PrintWriter out) {
        out.println("  host        " + host.host());
        out.println("  name        " + host.name());
        out.println("  issuer      " + host.issuer());
        host.origins().stream().sorted().forEach(origin -> out.println("  told to     " + origin));
        out.println(
                "  public key  "
                        + Base64.getUrlEncoder()
                                .withoutPadding()
                                .encodeToString(host.key().publicKey()));
        out.println("  kept in     " + folder.toAbsolutePath());
        out.flush();
    }
}
