package dev.modunest.loader;

/** Whether a user may do something, and why. */
public sealed interface Decision {

    /** One sentence for a log or an administrator. */
    String explanation();

    /**
     * It may.
     *
     * @param scope the word of the token that allows it
     */
    record Allowed(String scope, String explanation) implements Decision {}

    /** It may not; the explanation says what is missing. */
    record Denied(String explanation) implements Decision {}

    default boolean allowed() {
        return this instanceof Allowed;
    }
}
