package dev.modunest.edge.listen;

import io.netty.buffer.ByteBuf;
import io.netty.util.ByteProcessor;

import org.jspecify.annotations.Nullable;

/**
 * Reads the head of an HTTP/1.1 request byte for byte, by the grammar of RFC 9112 and without the
 * leniency that it allows: single spaces in the request line, CRLF at the end of lines, no folded
 * fields, no control characters.
 */
final class HeadScan implements ByteProcessor {

    private static final String VERSION = "HTTP/1.";
    private static final boolean[] TOKEN = new boolean[256];

    static {
        for (char c = '!'; c < 127; c++) {
            TOKEN[c] = "\"(),/:;<=>?@[\\]{}".indexOf(c) < 0;
        }
    }

    private enum State {
        BEFORE,
        METHOD,
        TARGET,
        VERSION,
        LINE,
        NAME,
        VALUE,
        END
    }

    private State state = State.BEFORE;
    private int scanned;
    private int versionLength;
    private boolean carriageReturn;
    private @Nullable Fault fault;

    /** What is wrong with a head, and the status that says so. */
    record Fault(int status, String reason) {}

    /** Reads what {@code in} has beyond what was read before; the fault, or null so far. */
    @Nullable Fault scan(ByteBuf in) {
        if (state != State.END) {
            int from = in.readerIndex() + scanned;
            int stop = in.forEachByte(from, in.writerIndex() - from, this);
            scanned = (stop < 0 ? in.writerIndex() : stop + 1) - in.readerIndex();
        }
        return fault;
    }

    /** The decoder has taken {@code bytes} of what was scanned. */
    void consumed(int bytes) {
        scanned = Math.max(0, scanned - bytes);
    }

    /** Whether a part of a head has been read. */
    boolean hasBegun() {
        return state != State.BEFORE && state != State.END;
    }

    /** The next head begins. */
    void reset() {
        state = State.BEFORE;
        scanned = 0;
        versionLength = 0;
        carriageReturn = false;
    }

    @Override
    public boolean process(byte value) {
        int c = value & 0xff;
        if (carriageReturn) {
            carriageReturn = false;
            if (c != '\n') {
                return refuse("A carriage return stands alone.");
            }
            return endOfLine();
        }
        if (c == '\r') {
            carriageReturn = true;
            return true;
        }
        if (c == '\n') {
            return refuse("A line ends without a carriage return.");
        }
        return switch (state) {
            case BEFORE, METHOD -> method(c);
            case TARGET -> target(c);
            case VERSION -> version(c);
            case LINE -> line(c);
            case NAME -> name(c);
            case VALUE ->
                    (c >= ' ' && c != 127)
                            || c == '\t'
                            || refuse("A field has a control character.");
            case END -> false;
        };
    }

    private boolean endOfLine() {
        switch (state) {
            case VERSION -> {
                if (versionLength != VERSION.length() + 1) {
                    return refuse("The request line does not end with a version.");
                }
                state = State.LINE;
            }
            case VALUE -> state = State.LINE;
            case LINE -> state = State.END;
            case NAME -> {
                return refuse("A field has no colon.");
            }
            case METHOD, TARGET -> {
                return refuse("The request line is not a method, a target and a version.");
            }
            case BEFORE, END -> {
                return true;
            }
        }
        return state != State.END;
    }

    private boolean method(int c) {
        if (c == ' ' && state == State.METHOD) {
            state = State.TARGET;
            return true;
        }
        state = State.METHOD;
        return TOKEN[c] || refuse("The method is not a token.");
    }

    private boolean target(int c) {
        if (c == ' ') {
            state = State.VERSION;
            return true;
        }
        return (c > ' ' && c < 127)
                || refuse("The request target has a character that must be escaped.");
    }

    private boolean version(int c) {
        int at = versionLength++;
        if (at < VERSION.length() && c == VERSION.charAt(at)) {
            return true;
        }
        if (at == VERSION.length() && (c == '0' || c == '1')) {
            return true;
        }
        if ((at == VERSION.length() - 2 || at == VERSION.length()) && c >= '0' && c <= '9') {
            fault = new Fault(505, "The edge speaks HTTP/1.0, HTTP/1.1 and HTTP/2.");
            return false;
        }
        return refuse("The request line does not end with a version.");
    }

    private boolean line(int c) {
        if (c == ' ' || c == '\t') {
            return refuse("A field is folded over lines.");
        }
        state = State.NAME;
        return TOKEN[c] || refuse("A field begins with a character that no name has.");
    }

    private boolean name(int c) {
        if (c == ':') {
            state = State.VALUE;
            return true;
        }
        return TOKEN[c]
                || refuse(
                        c == ' ' || c == '\t'
                                ? "There is a space before a colon."
                                : "A field has a character that no name has.");
    }

    private boolean refuse(String reason) {
        fault = new Fault(400, reason);
        return false;
    }
}
