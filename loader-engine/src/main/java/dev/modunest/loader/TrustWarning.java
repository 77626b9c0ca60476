package dev.modunest.loader;

/**
 * A step that failed without the plugin being refused.
 *
 * @param code stable, kebab-case, listed in {@code docs/loader/trust.md}
 * @param reason one sentence
 */
public record TrustWarning(String code, String reason) {

    @Override
    public String toString() {
        return code + ": " + reason;
    }
}
