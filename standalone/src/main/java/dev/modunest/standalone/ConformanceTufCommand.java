package dev.modunest.standalone;

import dev.modunest.format.tuf.MetadataDirectory;
import dev.modunest.format.tuf.RolePath;
import dev.modunest.format.tuf.SignedDocument;
import dev.modunest.format.tuf.TargetFile;
import dev.modunest.format.tuf.TrustedTargets;
import dev.modunest.format.tuf.TufClient;
import dev.modunest.format.tuf.TufException;
import dev.modunest.format.tuf.TufLimits;

import org.jspecify.annotations.Nullable;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.InstantSource;

/**
 * The client of tuf-conformance.
 *
 * @see <a
 *     href="https://github.com/theupdateframework/tuf-conformance/blob/main/CLIENT-CLI.md">CLIENT-CLI.md</a>
 */
@Command(
        name = "tuf",
        mixinStandardHelpOptions = true,
        synopsisSubcommandLabel = "COMMAND",
        description = "A client of TUF repositories, with the arguments of tuf-conformance.",
        footer = {"", "Exit code: 0 when done, 1 when refused, 2 for bad usage."})
final class ConformanceTufCommand implements Runnable {

    @Option(names = "--metadata-dir", paramLabel = "DIR", description = "What is trusted.")
    private @Nullable Path metadataFolder;

    @Option(names = "--metadata-url", paramLabel = "URL", description = "The repository.")
    private @Nullable URI metadataUrl;

    @Option(names = "--target-name", paramLabel = "PATH", description = "The target.")
    private @Nullable String targetName;

    @Option(names = "--target-base-url", paramLabel = "URL", description = "The targets.")
    private @Nullable URI targetUrl;

    @Option(names = "--target-dir", paramLabel = "DIR", description = "Where targets go.")
    private @Nullable Path targetFolder;

    @Spec private CommandSpec spec;

    ConformanceTufCommand() {}

    @Override
    public void run() {
        spec.commandLine().usage(spec.commandLine().getOut());
    }

    @Command(
            name = "init",
            mixinStandardHelpOptions = true,
            description = "Trusts a root.",
            footer = {"", "Exit code: 0 when done, 1 when it is no root."})
    int init(@Parameters(paramLabel = "TRUSTED_ROOT") Path root) throws IOException {
        try {
            byte[] document = Files.readAllBytes(root);
            SignedDocument.parse(document);
            store().write("root", document);
            return 0;
        } catch (IllegalArgumentException malformed) {
            return refused(malformed);
        }
    }

    @Command(
            name = "refresh",
            mixinStandardHelpOptions = true,
            description = "Updates root, timestamp, snapshot and targets.",
            footer = {"", "Exit code: 0 when done, 1 when refused."})
    int refresh() {
        try {
            TrustedTargets trusted = client().refresh();
            spec.commandLine().getOut().println("snapshot " + trusted.snapshotVersion());
            return 0;
        } catch (TufException refused) {
            return refused(refused);
        }
    }

    @Command(
            name = "download",
            mixinStandardHelpOptions = true,
            description = "Updates, and fetches a target unless it is there.",
            footer = {"", "Exit code: 0 when the target is there, 1 when refused."})
    int download() throws IOException {
        try {
            TrustedTargets trusted = client().refresh();
            TargetFile target = trusted.get(required(targetName, "--target-name"));
            Path file = targetFile(target);
            if (!isThere(target, file)) {
                byte[] content =
                        trusted.download(
                                target,
                                new HttpRepository(required(targetUrl, "--target-base-url")));
                Path next = file.resolveSibling(file.getFileName() + ".new");
                Files.write(next, content);
                Files.move(next, file, StandardCopyOption.ATOMIC_MOVE);
            }
            spec.commandLine().getOut().println(file);
            return 0;
        } catch (TufException refused) {
            return refused(refused);
        }
    }

    /** One file for each target, whose name has no folders. */
    private Path targetFile(TargetFile target) {
        String name = RolePath.ofTarget(target.path()).replace("/", "%2F");
        return required(targetFolder, "--target-dir").resolve(name + ".target");
    }

    private static boolean isThere(TargetFile target, Path file) throws IOException {
        try {
            target.check(Files.readAllBytes(file));
            return true;
        } catch (NoSuchFileException | TufException other) {
            return false;
        }
    }

    private TufClient client() {
        return new TufClient(
                store(),
                new HttpRepository(required(metadataUrl, "--metadata-url")),
                InstantSource.system(),
                TufLimits.DEFAULT);
    }

    private MetadataDirectory store() {
        return new MetadataDirectory(required(metadataFolder, "--metadata-dir"));
    }

    private <T> T required(@Nullable T value, String option) {
        if (value == null) {
            throw new ParameterException(
                    spec.commandLine(), "Missing required option: '" + option + "'");
        }
        return value;
    }

    private int refused(Exception refused) {
        spec.commandLine().getErr().println("modunest: " + refused.getMessage());
        spec.commandLine().getErr().flush();
        return 1;
    }
}
