package dev.modunest.standalone;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;

import dev.modunest.db.Database;
import dev.modunest.db.DatabaseException;
import dev.modunest.loader.cli.Progress;
import dev.modunest.server.ServerConfig;
import dev.modunest.server.artifact.ArtifactStore;
import dev.modunest.server.artifact.StoreException;
import dev.modunest.server.doctor.Difference;
import dev.modunest.server.doctor.Doctor;
import dev.modunest.server.doctor.DoctorOptions;
import dev.modunest.server.doctor.Findings;
import dev.modunest.settings.ByteSize;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

import java.io.PrintStream;
import java.io.PrintWriter;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.Callable;

@Command(
        name = "doctor",
        mixinStandardHelpOptions = true,
        description = {
            "Compares the storage with the index and names every difference, while servers run on both or not:",
            "  orphan            an artifact that no release has; harmless, takes space",
            "  missing-bytes     a release that cannot be downloaded",
            "  wrong-size        an artifact that is longer or shorter than its release says",
            "  wrong-digest      an artifact with other bytes than its release says (with --bytes)",
            "  deleted-bytes     bytes of a deleted release; the servers remove them",
            "  abandoned-upload  an upload that nobody finished; the servers remove it",
            "  unknown-object    an object under a key that the registry does not make"
        },
        footer = {
            "",
            "Example: ./modunest doctor --config server.yaml --bytes",
            "Exit code: 0 when both agree, 1 when they do not, 2 for bad usage, 3 when one cannot be reached."
        })
final class DoctorCommand implements Callable<Integer> {

    private static final ObjectMapper JSON = new ObjectMapper();

    @Option(names = "--bytes", description = "Read and hash every artifact.")
    private boolean bytes;

    @Option(
            names = "--remove-orphans",
            description = "Remove artifacts that no release has and that are older than --settle.")
    private boolean removeOrphans;

    @Option(
            names = "--settle",
            paramLabel = "DURATION",
            defaultValue = "PT15M",
            description =
                    "A younger artifact may belong to a publish that is not over; ISO 8601, default ${DEFAULT-VALUE}.")
    private Duration settle = Duration.ofMinutes(15);

    @Option(
            names = "--concurrency",
            paramLabel = "N",
            defaultValue = "8",
            description = "Objects looked at at the same time, 1 to 64; default ${DEFAULT-VALUE}.")
    private int concurrency = 8;

    @Option(
            names = "--json",
            description =
                    "One JSON object a line for each difference, then one of what was examined.")
    private boolean json;

    @Mixin private StorageOptions storage = new StorageOptions();

    @Spec private CommandSpec spec;

    DoctorCommand() {}

    @Override
    public Integer call() {
        PrintStream progress = ProgressStream.of(json);
        try (StorageOptions.Opened opened = storage.open(progress::println)) {
            ServerConfig config = opened.config();
            DoctorOptions options = options(config);
            try (Database database = Database.connect(config.database());
                    ArtifactStore store = ArtifactStore.openExisting(config.s3())) {
                return examine(
                        new Doctor(store, database, options, InstantSource.system()),
                        database,
                        progress);
            }
        } catch (DatabaseException | StoreException failed) {
            throw new StandaloneException(
                    "storage and index cannot be compared: " + failed.getMessage());
        }
    }

    private DoctorOptions options(ServerConfig config) {
        if (settle.isNegative()) {
            throw StandaloneException.wrongUse("--settle is PT0S or more, not " + settle);
        }
        try {
            return new DoctorOptions(
                    bytes,
                    concurrency,
                    settle,
                    config.sweep().age(),
                    removeOrphans ? Optional.of(settle) : Optional.empty());
        } catch (IllegalArgumentException outOfBounds) {
            throw StandaloneException.wrongUse("--" + outOfBounds.getMessage());
        }
    }

    private int examine(Doctor doctor, Database database, PrintStream progress) {
        PrintWriter out = spec.commandLine().getOut();
        long releases = database.read(tx -> tx.inventory().count());
        Findings findings;
        try (Progress examining = Progress.start(progress, "examining", releases, "releases")) {
            findings = doctor.examine(difference -> tell(difference, out), () -> examining.step(1));
        }
        out.println(json ? toJson(findings) : toText(findings));
        out.flush();
        return findings.agree() ? 0 : 1;
    }

    private synchronized void tell(Difference difference, PrintWriter out) {
        out.println(json ? toJson(difference) : difference.code() + "  " + toText(difference));
        out.flush();
    }

    private static String toText(Difference difference) {
        return switch (difference) {
            case Difference.Orphan orphan ->
                    orphan.object().key()
                            + "  "
                            + ByteSize.describe(orphan.object().size())
                            + ", of "
                            + orphan.object().lastModified();
            case Difference.UnknownObject unknown -> unknown.object().key();
            case Difference.AbandonedUpload abandoned ->
                    abandoned.object().key() + ", of " + abandoned.object().lastModified();
            case Difference.MissingBytes missing -> missing.release() + "  " + missing.digest();
            case Difference.WrongSize wrong ->
                    "%s  %s has %d bytes and not %d"
                            .formatted(
                                    wrong.release(),
                                    wrong.digest(),
                                    wrong.storedSize(),
                                    wrong.size());
            case Difference.WrongDigest wrong ->
                    "%s  %s is stored as %s"
                            .formatted(wrong.release(), wrong.storedDigest(), wrong.digest());
            case Difference.DeletedBytes deleted -> deleted.release() + "  " + deleted.digest();
            case Difference.MissingLogFile missing -> missing.key();
            case Difference.WrongLogFile wrong -> wrong.key() + "  " + wrong.fault();
        };
    }

    private static String toJson(Difference difference) {
        ObjectNode line = JSON.createObjectNode();
        line.put("difference", difference.code());
        switch (difference) {
            case Difference.Orphan(var digest, var object) -> {
                line.put("digest", digest.toString()).put("key", object.key());
                line.put("size", object.size());
            }
            case Difference.UnknownObject(var object) -> line.put("key", object.key());
            case Difference.AbandonedUpload(var object) ->
                    line.put("key", object.key()).put("size", object.size());
            case Difference.MissingBytes(var release, var digest, var size) ->
                    line.put("release", release.toString())
                            .put("digest", digest.toString())
                            .put("size", size);
            case Difference.WrongSize(var release, var digest, var size, var stored) ->
                    line.put("release", release.toString())
                            .put("digest", digest.toString())
                            .put("size", size)
                            .put("stored_size", stored);
            case Difference.WrongDigest(var release, var digest, var stored) ->
                    line.put("release", release.toString())
                            .put("digest", digest.toString())
                            .put("stored_digest", stored.toString());
            case Difference.MissingLogFile(var key) -> line.put("key", key);
            case Difference.WrongLogFile(var key, var fault) ->
                    line.put("key", key).put("fault", fault);
            case Difference.DeletedBytes(var release, var digest, var size) ->
                    line.put("release", release.toString())
                            .put("digest", digest.toString())
                            .put("size", size);
        }
        return line.toString();
    }

    private static String toJson(Findings findings) {
        ObjectNode line = JSON.createObjectNode();
        line.put("agree", findings.agree());
        line.put("releases", findings.releases());
        line.put("objects", findings.objects());
        line.put("bytes", findings.bytes());
        line.put("hashed", findings.hashed());
        line.put("log_files", findings.logFiles());
        line.put("under_way", findings.underWay());
        line.put("removed", findings.removed());
        ObjectNode differences = line.putObject("differences");
        new TreeMap<>(findings.differences()).forEach(differences::put);
        return line.toString();
    }

    private static String toText(Findings findings) {
        StringBuilder text = new StringBuilder();
        text.append(findings.releases()).append(" releases, ");
        text.append(findings.objects()).append(" objects of together ");
        text.append(ByteSize.describe(findings.bytes()));
        if (findings.hashed() > 0) {
            text.append(", ").append(findings.hashed()).append(" hashed");
        }
        text.append(", ").append(findings.logFiles()).append(" files of the log");
        if (findings.underWay() > 0) {
            text.append(", ").append(findings.underWay()).append(" too young to be told");
        }
        text.append(": ");
        if (findings.differences().isEmpty()) {
            return text.append("they agree").toString();
        }
        new TreeMap<>(findings.differences())
                .forEach(
                        (code, count) ->
                                text.append(text.charAt(text.length() - 2) == ':' ? "" : ", ")
                                        .append(count)
                                        .append(' ')
                                        .append(code));
        if (findings.removed() > 0) {
            text.append("; ").append(findings.removed()).append(" removed");
        }
        return text.toString();
    }
}
