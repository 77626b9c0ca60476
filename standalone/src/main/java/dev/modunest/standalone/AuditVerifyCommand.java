package dev.modunest.standalone;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;

import dev.modunest.db.AuditFault;
import dev.modunest.db.AuditHead;
import dev.modunest.db.AuditVerification;
import dev.modunest.db.Database;
import dev.modunest.db.DatabaseException;
import dev.modunest.loader.cli.Progress;

import org.jspecify.annotations.Nullable;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Callable;

@Command(
        name = "verify",
        mixinStandardHelpOptions = true,
        description = {
            "Follows the chain of the audit and names the first entry that does not fit, while servers run or not:",
            "  changed        the entry is not what was written",
            "  missing        entries are gone that retention did not take",
            "  reordered      the entry stands at the place of another",
            "  replaced       the entry has a right hash that the next one does not know",
            "  repeated       there is a second entry with its sequence",
            "  truncated      the last entries are gone",
            "  head-differs   the kept head is not that of the last entry",
            "  rewritten      the chain is another than when the head of --head was noted",
            "  not-compared   the entry of --head is not there any more",
            "  unchained      entries outside the chain came after it began"
        },
        footer = {
            "",
            "Note the head that is told at the end elsewhere: who owns the database can write all of the chain anew,",
            "and only --head with a head from before finds that.",
            "",
            "Example: ./modunest audit verify --config server.yaml --head 1234:9f86d0...",
            "         ./modunest audit verify --file export.jsonl",
            "Exit code: 0 when intact, 1 when tampered with, 2 for bad usage, 3 when it cannot be read."
        })
final class AuditVerifyCommand implements Callable<Integer> {

    private static final ObjectMapper JSON = new ObjectMapper();

    @Option(
            names = "--file",
            paramLabel = "FILE",
            description = "An export instead of the database; it may begin anywhere in the chain.")
    private @Nullable Path file;

    @Option(
            names = "--head",
            paramLabel = "SEQUENCE:HASH",
            description = "A head that was noted earlier, to compare with.")
    private @Nullable String head;

    @Option(names = "--json", description = "One JSON object instead of progress and text.")
    private boolean json;

    @Mixin private StorageOptions storage = new StorageOptions();

    @Spec private CommandSpec spec;

    AuditVerifyCommand() {}

    @Override
    public Integer call() {
        Optional<AuditHead> noted = Optional.ofNullable(head).map(AuditVerifyCommand::parse);
        if (file != null && storage.isGiven()) {
            throw StandaloneException.wrongUse("give --file, or --config or --data, not both");
        }
        PrintStream progress = ProgressStream.of(json);
        AuditVerification.Report report =
                file == null ? verify(noted, progress) : verify(file, noted, progress);
        spec.commandLine().getOut().println(json ? toJson(report) : toText(report));
        spec.commandLine().getOut().flush();
        return report.fault().isEmpty() ? 0 : 1;
    }

    private static AuditHead parse(String text) {
        try {
            return AuditHead.parse(text);
        } catch (IllegalArgumentException malformed) {
            throw StandaloneException.wrongUse("--head: " + malformed.getMessage());
        }
    }

    private AuditVerification.Report verify(Optional<AuditHead> noted, PrintStream progress) {
        try (StorageOptions.Opened opened = storage.open(progress::println);
                Database database = Database.connect(opened.config().database());
                Progress bar =
                        Progress.start(
                                progress,
                                "verifying",
                                AuditVerification.estimate(database),
                                "entries")) {
            return AuditVerification.verify(database, noted, bar::step);
        } catch (DatabaseException failed) {
            throw new StandaloneException("the audit cannot be read: " + failed.getMessage());
        }
    }

    private static AuditVerification.Report verify(
            Path file, Optional<AuditHead> noted, PrintStream progress) {
        try {
            AuditFile export = new AuditFile(file);
            try (Progress bar = Progress.start(progress, "verifying", export.lines(), "entries")) {
                return export.verify(noted, () -> bar.step(1));
            }
        } catch (IOException failed) {
            throw new StandaloneException(file + " cannot be read: " + failed.getMessage());
        }
    }

    private static String toJson(AuditVerification.Report report) {
        ObjectNode document = JSON.createObjectNode();
        document.put("intact", report.fault().isEmpty());
        report.fault()
                .ifPresent(
                        fault ->
                                document.putObject("fault")
                                        .put("kind", fault.kind().code())
                                        .put("sequence", fault.sequence())
                                        .put("detail", fault.detail()));
        document.put("entries", report.entries());
        document.put("first", report.first());
        document.put("expired", report.expired());
        document.put("before_the_chain", report.unchained());
        document.put("head", report.head().toString());
        return document.toString();
    }

    private static String toText(AuditVerification.Report report) {
        StringBuilder text = new StringBuilder();
        report.fault().ifPresent(fault -> text.append(toText(fault)));
        text.append(report.entries()).append(" entries from ").append(report.first());
        text.append(" to ").append(report.head().sequence());
        text.append(report.fault().isEmpty() ? " are intact" : " before it are intact");
        if (report.expired() > 0) {
            text.append("; retention took ").append(report.expired());
        }
        if (report.unchained() > 0) {
            text.append("; ")
                    .append(report.unchained())
                    .append(" are from before the chain and cannot be verified");
        }
        if (report.fault().isEmpty()) {
            text.append(System.lineSeparator())
                    .append("head, to be noted elsewhere: ")
                    .append(report.head());
        }
        return text.toString();
    }

    private static String toText(AuditFault fault) {
        return "TAMPERED  "
                + fault.kind().code()
                + "  "
                + fault.sequence()
                + ": "
                + fault.detail()
                + System.lineSeparator();
    }
}
