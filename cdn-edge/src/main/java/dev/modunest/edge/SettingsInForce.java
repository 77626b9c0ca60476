package dev.modunest.edge;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** The settings of the start, and what has become of them since. Thread-safe. */
final class SettingsInForce {

    private final EdgeConfig start;
    private EdgeConfig last;
    private SettingsChange change = new SettingsChange(List.of(), List.of());

    SettingsInForce(EdgeConfig start) {
        this.start = start;
        this.last = start;
    }

    /** Runs {@code apply} for settings that were read again; tells what they change. */
    synchronized SettingsChange change(EdgeConfig read, Runnable apply) {
        apply.run();
        last = read;
        change = SettingsChange.between(start, read);
        return change;
    }

    /** Each key with its value, secrets masked. */
    synchronized Map<String, String> describe() {
        Map<String, String> now = new TreeMap<>(SettingsChange.flat(start));
        Map<String, String> read = SettingsChange.flat(last);
        for (String key : change.applicable()) {
            now.remove(key);
            if (read.containsKey(key)) {
                now.put(key, read.get(key));
            }
        }
        return now;
    }

    /** Keys whose last value waits for a restart. */
    synchronized List<String> needRestart() {
        return change.refused();
    }
}
