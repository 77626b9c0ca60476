package dev.modunest.edge.serve;

import java.util.Locale;

/** The kinds of requests that metrics tell apart. */
public enum Route {
    ARTIFACT,
    DOCUMENT,
    PROXY,
    HEALTH,
    METRICS,
    NONE;

    private final String label = name().toLowerCase(Locale.ROOT);

    String label() {
        return label;
    }
}
