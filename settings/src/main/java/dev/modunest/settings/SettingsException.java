package dev.modunest.settings;

import java.util.List;

/** The settings do not hold; the message tells the fault, or lists every one, a line each. */
public final class SettingsException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final transient List<String> faults;

    SettingsException(List<String> faults) {
        super(
                faults.size() == 1
                        ? "the settings have a fault: " + faults.getFirst()
                        : "the settings have faults:\n  " + String.join("\n  ", faults));
        this.faults = List.copyOf(faults);
    }

    public List<String> faults() {
        return faults;
    }
}
