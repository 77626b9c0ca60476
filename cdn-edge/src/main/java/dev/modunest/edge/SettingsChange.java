package dev.modunest.edge;

import dev.modunest.settings.Settings;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;

/**
 * What a new configuration changes.
 *
 * @param applicable keys that change while the edge runs
 * @param refused keys that need a restart
 */
public record SettingsChange(List<String> applicable, List<String> refused) {

    private static final List<String> LIVE =
            List.of(
                    "listen.idle_timeout",
                    "listen.header_timeout",
                    "listen.body_timeout",
                    "listen.min_body_rate",
                    "listen.write_timeout",
                    "listen.max_connections",
                    "listen.max_connections_per_address",
                    "listen.max_requests_per_connection",
                    "listen.drain_delay",
                    "listen.drain_timeout",
                    "listen.http2.max_control_frames",
                    "listen.tls.strict_names",
                    "limits.",
                    "access_log.enabled",
                    "access_log.hits_per_line");

    static SettingsChange between(EdgeConfig before, EdgeConfig after) {
        Map<String, String> old = flat(before);
        Map<String, String> changed = flat(after);
        TreeSet<String> keys = new TreeSet<>(old.keySet());
        keys.addAll(changed.keySet());
        keys.removeIf(key -> old.getOrDefault(key, "").equals(changed.getOrDefault(key, "")));
        return new SettingsChange(
                keys.stream().filter(SettingsChange::isLive).toList(),
                keys.stream().filter(key -> !isLive(key)).toList());
    }

    private static boolean isLive(String key) {
        return LIVE.stream().anyMatch(live -> key.equals(live) || isGroup(live, key));
    }

    private static boolean isGroup(String live, String key) {
        return live.endsWith(".") && key.startsWith(live);
    }

    /** Keys with their dots, from the indented lines of the description. */
    private static Map<String, String> flat(EdgeConfig config) {
        Map<String, String> values = new HashMap<>();
        Deque<String> groups = new ArrayDeque<>();
        for (String line : Settings.describe(config).split("\n", -1)) {
            int depth = (line.length() - line.stripLeading().length()) / 2;
            while (groups.size() > depth) {
                groups.removeLast();
            }
            int colon = line.indexOf(':');
            if (line.endsWith(":")) {
                groups.addLast(line.strip().substring(0, line.strip().length() - 1));
            } else if (colon > 0) {
                String key = line.substring(0, colon).strip();
                values.put(
                        groups.isEmpty() ? key : String.join(".", groups) + "." + key,
                        line.substring(colon + 1).strip());
            }
        }
        return values;
    }
}
