package dev.modunest.server.admission;

import java.util.Locale;

/** What is counted against a limit. */
public enum LimitedAction {
    PUBLISH,
    CHANGE,
    RESOLVE,
    SEARCH,
    STAMP,
    /** A credential that was refused; counted by address. */
    AUTHENTICATE;

    /** As in settings and headers. */
    public String key() {
        return name().toLowerCase(Locale.ROOT);
    }
}
