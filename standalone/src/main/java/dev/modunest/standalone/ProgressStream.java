package dev.modunest.standalone;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.OutputStream;
import java.io.PrintStream;

/** Where progress is told: standard error, or nowhere when a machine reads. */
final class ProgressStream {

    private ProgressStream() {}

    static PrintStream of(boolean json) {
        return json ? new PrintStream(OutputStream.nullOutputStream(), false, UTF_8) : System.err;
    }
}
