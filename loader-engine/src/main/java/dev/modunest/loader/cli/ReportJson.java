package dev.modunest.loader.cli;

import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

import dev.modunest.loader.LoadReport;
import dev.modunest.loader.Outcome;
import dev.modunest.loader.PluginReport;
import dev.modunest.loader.PluginTrust;
import dev.modunest.loader.StageTimes;

import java.util.List;
import java.util.Locale;

/** A load report for machines, as {@code docs/loader/embedding.md} gives it. */
final class ReportJson {

    private static final JsonMapper JSON = new JsonMapper();

    private ReportJson() {}

    static String of(LoadReport report, List<ServiceCall.Answer> answers) {
        ObjectNode root = JSON.createObjectNode();
        ArrayNode plugins = root.putArray("plugins");
        report.plugins().forEach(plugin -> write(plugin, plugins.addObject()));
        write(LoadTotals.of(report), root.putObject("totals"));
        ArrayNode calls = root.putArray("calls");
        answers.forEach(answer -> write(answer, calls.addObject()));
        return root.toString();
    }

    static void write(PluginReport plugin, ObjectNode node) {
        node.put("plugin", plugin.coordinate().plugin().toString());
        node.put("version", plugin.coordinate().version().toString());
        switch (plugin.outcome()) {
            case Outcome.Loaded loaded -> write(loaded, node.put("outcome", "loaded"));
            case Outcome.Failed failed -> write(failed, node.put("outcome", "failed"));
            case Outcome.Skipped skipped -> write(skipped, node.put("outcome", "skipped"));
        }
        node.put("bytes", plugin.fetchedBytes());
    }

    private static void write(Outcome.Loaded loaded, ObjectNode node) {
        write(loaded.times(), node);
        write(loaded.trust(), node.putObject("trust"));
    }

    private static void write(PluginTrust trust, ObjectNode node) {
        node.put("mode", trust.mode().name().toLowerCase(Locale.ROOT));
        trust.level().ifPresent(level -> node.put("level", level.name()));
        trust.signer().ifPresent(signer -> node.put("signer", signer));
        trust.signed().ifPresent(at -> node.put("signed_at", at.toString()));
        trust.warnings()
                .forEach(
                        warning ->
                                node.withArray("warnings")
                                        .addObject()
                                        .put("code", warning.code())
                                        .put("reason", warning.reason()));
    }

    private static void write(StageTimes times, ObjectNode node) {
        node.put("begin_ms", LoadTotals.millis(times.begin()));
        node.put("fetch_ms", LoadTotals.millis(times.fetch()));
        node.put("verify_ms", LoadTotals.millis(times.verify()));
        node.put("wait_ms", LoadTotals.millis(times.waiting()));
        node.put("define_ms", LoadTotals.millis(times.define()));
        node.put("start_ms", LoadTotals.millis(times.start()));
    }

    private static void write(Outcome.Failed failed, ObjectNode node) {
        node.put("stage", failed.stage().name().toLowerCase(Locale.ROOT));
        node.put("code", failed.code());
        node.put("reason", failed.reason());
        ArrayNode causes = node.putArray("causes");
        failed.causes().forEach(causes::add);
    }

    private static void write(Outcome.Skipped skipped, ObjectNode node) {
        ArrayNode chain = node.putArray("chain");
        skipped.chain().forEach(release -> chain.add(release.toString()));
    }

    private static void write(LoadTotals totals, ObjectNode node) {
        node.put("plugins", totals.plugins());
        node.put("loaded", totals.loaded());
        node.put("failed", totals.failed());
        node.put("skipped", totals.skipped());
        node.put("wall_ms", LoadTotals.millis(totals.wall()));
        node.put("bytes", totals.bytes());
        node.put("mb_per_s", totals.megabytesPerSecond());
        totals.slowest()
                .ifPresent(
                        slowest ->
                                node.putObject("slowest")
                                        .put("plugin", slowest.coordinate().toString())
                                        .put("ms", LoadTotals.millis(LoadTotals.work(slowest))));
    }

    private static void write(ServiceCall.Answer answer, ObjectNode node) {
        node.put("plugin", answer.call().plugin().toString());
        node.put("input", answer.call().input());
        node.put(answer.good() ? "output" : "error", answer.text());
    }
}
