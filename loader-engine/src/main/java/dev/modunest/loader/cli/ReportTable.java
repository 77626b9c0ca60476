package dev.modunest.loader.cli;

import dev.modunest.format.trust.TrustLevel;
import dev.modunest.loader.LoadReport;
import dev.modunest.loader.Outcome;
import dev.modunest.loader.PluginReport;
import dev.modunest.loader.PluginTrust;
import dev.modunest.loader.StageTimes;

import java.io.PrintWriter;
import java.util.Locale;

/** A load report for people. */
final class ReportTable {

    private ReportTable() {}

    static void print(LoadReport report, PrintWriter out) {
        int width =
                report.plugins().stream()
                        .mapToInt(plugin -> plugin.coordinate().toString().length())
                        .max()
                        .orElse(6);
        out.printf(
                Locale.ROOT,
                "%-" + width + "s  %-7s  %9s  %9s  %9s  %s%n",
                "PLUGIN",
                "OUTCOME",
                "FETCH ms",
                "VERIFY ms",
                "START ms",
                "TRUST");
        report.plugins().forEach(plugin -> out.println(row(plugin, width)));
        printTotals(LoadTotals.of(report), out);
    }

    private static String row(PluginReport plugin, int width) {
        String name = String.format(Locale.ROOT, "%-" + width + "s  ", plugin.coordinate());
        return switch (plugin.outcome()) {
            case Outcome.Loaded loaded ->
                    name + "loaded " + times(loaded.times()) + "  " + trust(loaded.trust());
            case Outcome.Failed failed ->
                    name
                            + "FAILED   in "
                            + failed.stage().name().toLowerCase(Locale.ROOT)
                            + ", "
                            + failed.code()
                            + ": "
                            + failed.reason()
                            + causes(failed);
            case Outcome.Skipped skipped ->
                    name + "skipped  because " + skipped.failed() + " failed";
        };
    }

    private static String times(StageTimes times) {
        return String.format(
                Locale.ROOT,
                "  %9.2f  %9.2f  %9.2f",
                LoadTotals.millis(times.fetch()),
                LoadTotals.millis(times.verify()),
                LoadTotals.millis(times.start()));
    }

    /** Level and signer, and a line for each warning. */
    private static String trust(PluginTrust trust) {
        StringBuilder text =
                new StringBuilder(trust.level().map(TrustLevel::name).orElse("unverified"));
        trust.signer().ifPresent(signer -> text.append(' ').append(signer));
        trust.warnings().forEach(warning -> text.append("\n    warning ").append(warning));
        return text.toString();
    }

    private static String causes(Outcome.Failed failed) {
        StringBuilder lines = new StringBuilder();
        failed.causes().forEach(cause -> lines.append("\n    caused by ").append(cause));
        return lines.toString();
    }

    private static void printTotals(LoadTotals totals, PrintWriter out) {
        out.printf(
                Locale.ROOT,
                "%n%d plugins: %d loaded, %d failed, %d skipped, in %.0f ms; %d bytes fetched,"
                        + " %.2f MB/s%n",
                totals.plugins(),
                totals.loaded(),
                totals.failed(),
                totals.skipped(),
                LoadTotals.millis(totals.wall()),
                totals.bytes(),
                totals.megabytesPerSecond());
        totals.slowest()
                .ifPresent(
                        slowest ->
                                out.printf(
                                        Locale.ROOT,
                                        "slowest: %s, %.2f ms%n",
                                        slowest.coordinate(),
                                        LoadTotals.millis(LoadTotals.work(slowest))));
    }
}
