package dev.modunest.loader.auth;

import dev.modunest.loader.AuthenticationResult;

/** A token proves nothing, and why. Without a stack trace: who sends tokens chooses how many. */
final class RejectedException extends Exception {

    private static final long serialVersionUID = 1L;
    private static final int MAX_SHOWN = 80;

    private final String code;
    private final String text;

    RejectedException(String code, String text) {
        super(text, null, false, false);
        this.code = code;
        this.text = text;
    }

    AuthenticationResult.Rejected rejected() {
        return new AuthenticationResult.Rejected(code, text);
    }

    /** What a token says, fit for a log: cut, and only visible ASCII. */
    static String shown(String claimed) {
        String cut =
                claimed.length() > MAX_SHOWN ? claimed.substring(0, MAX_SHOWN) + "..." : claimed;
        return "'" + cut.replaceAll("[^ -~]", "?") + "'";
    }
}
