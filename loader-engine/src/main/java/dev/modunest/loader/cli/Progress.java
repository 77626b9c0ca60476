package dev.modunest.loader.cli;

import java.io.Console;
import java.io.PrintStream;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;

/** How far a piece of work is: a bar on a terminal, a line each tenth otherwise. Thread-safe. */
public final class Progress implements AutoCloseable {

    private static final int WIDTH = 30;
    private static final Duration REDRAW = Duration.ofMillis(80);

    private final PrintStream out;
    private final String label;
    private final long total;
    private final String unit;
    private final boolean terminal;
    private final long begin = System.nanoTime();
    private long done;
    private long tenthsShown;
    private long drawnAt = begin;

    private Progress(PrintStream out, String label, long total, String unit, boolean terminal) {
        this.out = out;
        this.label = label;
        this.total = total;
        this.unit = unit;
        this.terminal = terminal;
    }

    /** Starts at 0 of {@code total}, drawing a bar when this process has a terminal. */
    public static Progress start(PrintStream out, String label, long total, String unit) {
        // JDK 25 has no console in a pipe, 22 to 24 have one that is no terminal.
        boolean terminal =
                Optional.ofNullable(System.console()).map(Console::isTerminal).orElse(false);
        return start(out, label, total, unit, terminal);
    }

    static Progress start(
            PrintStream out, String label, long total, String unit, boolean terminal) {
        return new Progress(out, label, total, unit, terminal);
    }

    public synchronized void step(long count) {
        done += count;
        if (terminal) {
            long now = System.nanoTime();
            if (now - drawnAt >= REDRAW.toNanos()) {
                drawnAt = now;
                out.print("\r" + bar());
                out.flush();
            }
        } else if (tenths() > tenthsShown && done < total) {
            tenthsShown = tenths();
            out.println(label + " " + count());
        }
    }

    private long tenths() {
        return total == 0 ? 0 : 10 * done / total;
    }

    private String bar() {
        int filled = total == 0 ? WIDTH : (int) Math.min(WIDTH, WIDTH * done / total);
        return label + " [" + "=".repeat(filled) + " ".repeat(WIDTH - filled) + "] " + count();
    }

    /** How many, and of how many while that estimate has held. */
    private String count() {
        return done + (done > total ? "" : "/" + total) + " " + unit;
    }

    /** Draws the end, however far the work came, and how long it took. */
    @Override
    public synchronized void close() {
        double seconds = (System.nanoTime() - begin) / 1e9;
        String end = String.format(Locale.ROOT, " in %.2f s", seconds);
        out.println(terminal ? "\r" + bar() + end : label + " " + count() + end);
    }
}
