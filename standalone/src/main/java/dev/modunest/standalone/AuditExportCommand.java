package dev.modunest.standalone;

import dev.modunest.db.Actor;
import dev.modunest.db.AuditExport;
import dev.modunest.db.Database;
import dev.modunest.db.DatabaseException;
import dev.modunest.loader.cli.Progress;

import org.jspecify.annotations.Nullable;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.Callable;

@Command(
        name = "export",
        mixinStandardHelpOptions = true,
        description = {
            "Writes the audit as JSON lines in the order of its chain, from the first entry of a time to the last,",
            "and adds to the audit that it did."
        },
        footer = {
            "",
            "Example: ./modunest audit export --config server.yaml --since 2026-11-01T00:00:00Z november.jsonl",
            "Exit code: 0 when done, 2 for bad usage, 3 when it cannot be read or written."
        })
final class AuditExportCommand implements Callable<Integer> {

    @Parameters(paramLabel = "FILE", description = "Is made, and must not be there yet.")
    private Path file = Path.of("");

    @Option(
            names = "--since",
            paramLabel = "TIME",
            description = "The first moment, as in 2026-11-01T00:00:00Z.")
    private @Nullable String since;

    @Option(
            names = "--until",
            paramLabel = "TIME",
            description = "The first moment that is not meant any more.")
    private @Nullable String until;

    @Mixin private StorageOptions storage = new StorageOptions();

    AuditExportCommand() {}

    @Override
    public Integer call() {
        AuditExport.Period period =
                new AuditExport.Period(time("--since", since), time("--until", until));
        try {
            Files.createFile(file);
            boolean complete = false;
            try {
                export(period);
                complete = true;
            } finally {
                // Without its end an export looks like an older one.
                if (!complete) {
                    Files.delete(file);
                }
            }
        } catch (DatabaseException failed) {
            throw new StandaloneException("the audit cannot be read: " + failed.getMessage());
        } catch (IOException failed) {
            throw new StandaloneException(file + " cannot be written: " + failed, failed);
        }
        return 0;
    }

    private void export(AuditExport.Period period) throws IOException {
        PrintStream progress = ProgressStream.of(false);
        try (StorageOptions.Opened opened = storage.open(progress::println);
                Database database = Database.connect(opened.config().database());
                OutputStream out = Files.newOutputStream(file)) {
            AuditExport export =
                    AuditExport.begin(
                            database, period, Actor.OPERATOR, Optional.empty(), Instant.now());
            try (Progress bar =
                    Progress.start(progress, "exporting", export.estimate(), "entries")) {
                export.writeTo(out, bar::step);
            }
        }
    }

    private static Optional<Instant> time(String option, @Nullable String text) {
        try {
            return Optional.ofNullable(text).map(Instant::parse);
        } catch (DateTimeException malformed) {
            throw StandaloneException.wrongUse(
                    option + " is a time such as 2026-11-01T00:00:00Z, not '" + text + "'");
        }
    }
}
