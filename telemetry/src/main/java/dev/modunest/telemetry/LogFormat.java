package dev.modunest.telemetry;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.encoder.PatternLayoutEncoder;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.ConsoleAppender;
import ch.qos.logback.core.encoder.Encoder;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.bridge.SLF4JBridgeHandler;

import java.io.Console;

/** How log lines look: for people, or one JSON object a line. */
public enum LogFormat {
    /** Plain on a terminal, else JSON. */
    AUTO,
    JSON,
    PLAIN;

    /**
     * Sends the log lines of this process, those of System.Logger and java.util.logging included,
     * to standard error.
     */
    public void install() {
        LoggerContext context = context();
        context.reset();
        ch.qos.logback.classic.Logger root = context.getLogger(Logger.ROOT_LOGGER_NAME);
        root.setLevel(Level.INFO);
        root.addAppender(console(context, "System.err", encoder(context)));
        // It logs what it also throws, and the process tells that in one sentence.
        context.getLogger("io.helidon.webserver.LoomServer").setLevel(Level.OFF);
        SLF4JBridgeHandler.removeHandlersForRootLogger();
        SLF4JBridgeHandler.install();
    }

    /** Sends the lines of {@code logger}, as they are, to standard output, and nowhere else. */
    public static void installAccess(String logger) {
        LoggerContext context = context();
        PatternLayoutEncoder asIs = new PatternLayoutEncoder();
        asIs.setPattern("%m%n");
        ch.qos.logback.classic.Logger lines = context.getLogger(logger);
        lines.setAdditive(false);
        lines.addAppender(console(context, "System.out", asIs));
    }

    private static LoggerContext context() {
        if (!(LoggerFactory.getILoggerFactory() instanceof LoggerContext context)) {
            throw new IllegalStateException("SLF4J is not bound to Logback");
        }
        return context;
    }

    private static ConsoleAppender<ILoggingEvent> console(
            LoggerContext context, String target, Encoder<ILoggingEvent> encoder) {
        encoder.setContext(context);
        encoder.start();
        ConsoleAppender<ILoggingEvent> console = new ConsoleAppender<>();
        console.setContext(context);
        console.setTarget(target);
        console.setEncoder(encoder);
        console.start();
        return console;
    }

    private Encoder<ILoggingEvent> encoder(LoggerContext context) {
        return isJson() ? new JsonLines() : PlainLines.encoder(context);
    }

    private boolean isJson() {
        return switch (this) {
            case JSON -> true;
            case PLAIN -> false;
            case AUTO -> !isTerminal(System.console());
        };
    }

    private static boolean isTerminal(@Nullable Console console) {
        return console != null && console.isTerminal();
    }
}
