package dev.modunest.server.auth;

/**
 * Whether something is allowed, and why.
 *
 * @param because a sentence without its full stop
 * @param secret whether the resource is in a private namespace: who is denied must not learn that
 *     it exists, so that a denial is secret too where nobody has the namespace; what is answered is
 *     for the caller alone
 */
public record Decision(Verdict verdict, String because, boolean secret) {

    /** What the caller can do about it differs. */
    public enum Verdict {
        ALLOWED,
        /** A credential would help. */
        NO_CREDENTIAL,
        /** Another credential of the same holder would help. */
        OUT_OF_SCOPE,
        /** The namespace belongs to others, and nothing was granted. */
        FOREIGN,
        /** Only administrators of the registry may. */
        ADMINISTRATORS_ONLY,
        /** There is no such namespace. */
        ABSENT,
        /** What was granted does not include it. */
        NOT_GRANTED
    }

    public boolean allowed() {
        return verdict == Verdict.ALLOWED;
    }

    /**
     * Whether the answer is that there is no such thing: it is not there, or who is denied must not
     * learn of it. That a name is taken cannot be hidden from who wants to have it.
     */
    public boolean hides(Action action) {
        boolean foreign = secret && verdict == Verdict.FOREIGN;
        return verdict == Verdict.ABSENT || (foreign && !action.claims());
    }

    static Decision allow(String because) {
        return new Decision(Verdict.ALLOWED, because, false);
    }

    static Decision deny(Verdict verdict, String because) {
        return new Decision(verdict, because, false);
    }

    /** The same, where the resource is a secret or not. */
    Decision secretly(boolean isSecret) {
        return new Decision(verdict, because, isSecret);
    }
}
