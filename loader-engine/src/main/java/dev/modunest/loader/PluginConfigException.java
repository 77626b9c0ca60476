package dev.modunest.loader;

import java.util.List;

/** The configuration of a plugin cannot be used. The message has one line for each fault. */
public final class PluginConfigException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final transient List<String> faults;

    public PluginConfigException(String what, List<String> faults) {
        super(what + ": " + String.join("; ", faults));
        this.faults = List.copyOf(faults);
    }

    /** Each names a key, what is wrong with it, and where it was read. */
    public List<String> faults() {
        return faults;
    }
}
