package dev.modunest.edge.origin;

import io.vertx.core.http.ConnectionPoolTooBusyException;
import io.vertx.core.http.StreamResetException;

import java.net.ConnectException;
import java.util.concurrent.TimeoutException;

/** An exchange with the origin that brought no usable response. */
public final class OriginFailure extends Exception {

    private static final long serialVersionUID = 1L;

    /** What went wrong, and the status that tells it to a client. */
    public enum Kind {
        UNREACHABLE(502, "origin-unreachable", "The origin cannot be reached"),
        INVALID(502, "origin-invalid", "The origin answered with a response that cannot be used"),
        TIMEOUT(504, "origin-timeout", "The origin did not answer in time"),
        BUSY(503, "origin-busy", "Too many requests wait for the origin");

        private final int status;
        private final String code;
        private final String title;

        Kind(int status, String code, String title) {
            this.status = status;
            this.code = code;
            this.title = title;
        }

        public int status() {
            return status;
        }

        public String code() {
            return code;
        }

        public String title() {
            return title;
        }
    }

    private final Kind kind;

    public OriginFailure(Kind kind, String message) {
        super(message, null, false, false);
        this.kind = kind;
    }

    /** Classifies what the HTTP client reports. */
    public static OriginFailure of(Throwable cause) {
        return switch (cause) {
            case OriginFailure failure -> failure;
            case StreamResetException reset when reset.getCause() instanceof OriginFailure reason ->
                    reason;
            case ConnectionPoolTooBusyException busy -> new OriginFailure(Kind.BUSY, text(busy));
            case io.netty.channel.ConnectTimeoutException late ->
                    new OriginFailure(Kind.TIMEOUT, text(late));
            case ConnectException refused -> new OriginFailure(Kind.UNREACHABLE, text(refused));
            case TimeoutException late -> new OriginFailure(Kind.TIMEOUT, text(late));
            default -> new OriginFailure(Kind.UNREACHABLE, text(cause));
        };
    }

    public Kind kind() {
        return kind;
    }

    private static String text(Throwable cause) {
        return cause.getMessage() == null ? cause.getClass().getSimpleName() : cause.getMessage();
    }
}
