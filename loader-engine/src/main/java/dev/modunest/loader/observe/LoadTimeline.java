package dev.modunest.loader.observe;

import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

import dev.modunest.loader.LoadReport;
import dev.modunest.loader.Outcome;
import dev.modunest.loader.PluginReport;
import dev.modunest.loader.StageTimes;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/**
 * When each plugin of a load was in which stage: as JSON, and as a page that needs nothing else.
 */
public final class LoadTimeline {

    private static final double MILLIS = 1e6;
    private static final int WIDTH = 1_000;
    private static final int ROW = 14;
    private static final Map<String, String> COLOURS = new LinkedHashMap<>();

    static {
        COLOURS.put("fetch", "#4878a8");
        COLOURS.put("verify", "#7a9a3c");
        COLOURS.put("wait", "#d8d8d8");
        COLOURS.put("define", "#a86ca0");
        COLOURS.put("start", "#d88a2c");
    }

    private LoadTimeline() {}

    /**
     * {@code {"wall_ms", "plugins": [{"plugin", "outcome", "begin_ms", "fetch_ms", "verify_ms",
     * "wait_ms", "define_ms", "start_ms"}]}}, in the order of the plan.
     */
    public static String json(LoadReport report) {
        ObjectNode root = new JsonMapper().createObjectNode();
        root.put("wall_ms", millis(report.wall()));
        ArrayNode plugins = root.putArray("plugins");
        for (PluginReport plugin : report.plugins()) {
            ObjectNode node = plugins.addObject();
            node.put("plugin", plugin.coordinate().toString());
            switch (plugin.outcome()) {
                case Outcome.Loaded loaded -> {
                    node.put("outcome", "loaded");
                    node.put("begin_ms", millis(loaded.times().begin()));
                    stages(loaded.times())
                            .forEach((stage, time) -> node.put(stage + "_ms", millis(time)));
                }
                case Outcome.Failed failed -> node.put("outcome", failed.code());
                case Outcome.Skipped skipped ->
                        node.put("outcome", "skipped").put("failed", skipped.failed().toString());
            }
        }
        return root.toPrettyString();
    }

    private static Map<String, Duration> stages(StageTimes times) {
        Map<String, Duration> stages = new LinkedHashMap<>();
        stages.put("fetch", times.fetch());
        stages.put("verify", times.verify());
        stages.put("wait", times.waiting());
        stages.put("define", times.define());
        stages.put("start", times.start());
        return stages;
    }

    /** One bar for each plugin, as SVG in a page; hovering tells the figures. */
    public static String html(LoadReport report) {
        double scale = WIDTH / Math.max(1, millis(report.wall()));
        StringBuilder bars = new StringBuilder();
        int y = 0;
        for (PluginReport plugin : report.plugins()) {
            bars.append(row(plugin, y, scale));
            y += ROW;
        }
        StringBuilder legend = new StringBuilder();
        COLOURS.forEach(
                (stage, colour) ->
                        legend.append("<span style=\"background:")
                                .append(colour)
                                .append("\">&nbsp;&nbsp;&nbsp;</span> ")
                                .append(stage)
                                .append(" "));
        return """
               <!DOCTYPE html><html lang="en"><head><meta charset="utf-8"><title>Load</title>
               <style>body{font:13px sans-serif;margin:1em}text{font-size:10px}</style></head><body>
               <h1>%d plugins in %.0f ms</h1><p>%s</p>
               <svg width="%d" height="%d" role="img" aria-label="Timeline of the load">
               %s</svg></body></html>
               """
                .formatted(
                        report.plugins().size(),
                        millis(report.wall()),
                        legend,
                        WIDTH + 320,
                        y + ROW,
                        bars);
    }

    private static String row(PluginReport plugin, int y, double scale) {
        String name = plugin.coordinate().toString();
        StringBuilder row = new StringBuilder();
        row.append("<text x=\"%d\" y=\"%d\">%s</text>%n".formatted(WIDTH + 8, y + ROW - 3, name));
        if (plugin.outcome() instanceof Outcome.Loaded loaded) {
            double x = millis(loaded.times().begin()) * scale;
            for (Map.Entry<String, Duration> stage : stages(loaded.times()).entrySet()) {
                double width = millis(stage.getValue()) * scale;
                row.append(
                        String.format(
                                Locale.ROOT,
                                "<rect x=\"%.2f\" y=\"%d\" width=\"%.2f\" height=\"%d\" fill=\"%s\">"
                                        + "<title>%s: %s %.2f ms</title></rect>%n",
                                x,
                                y + 1,
                                Math.max(0.1, width),
                                ROW - 3,
                                COLOURS.get(stage.getKey()),
                                name,
                                stage.getKey(),
                                millis(stage.getValue())));
                x += width;
            }
        } else {
            String why =
                    plugin.outcome() instanceof Outcome.Failed failed ? failed.code() : "skipped";
            row.append(
                    "<text x=\"0\" y=\"%d\" fill=\"#b02020\">%s</text>%n"
                            .formatted(y + ROW - 3, why));
        }
        return row.toString();
    }

    private static double millis(Duration time) {
        return Math.round(time.toNanos() / MILLIS * 1_000) / 1_000.0;
    }
}
