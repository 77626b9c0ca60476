package dev.modunest.settings;

/** A value that never shows in a log: {@link #toString} masks it. */
public record Secret(String value) {

    static final String MASK = "****";

    @Override
    public String toString() {
        return MASK;
    }
}
