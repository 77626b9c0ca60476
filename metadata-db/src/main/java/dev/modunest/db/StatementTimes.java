package dev.modunest.db;

import org.jdbi.v3.core.statement.SqlLogger;
import org.jdbi.v3.core.statement.StatementContext;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.sql.SQLException;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Names every statement by the method that it stands in, logs the slow ones, without their values,
 * and tells the observer. Thread-safe.
 */
final class StatementTimes implements SqlLogger {

    private static final Logger LOG = LoggerFactory.getLogger("dev.modunest.db.SlowStatement");

    private static final StackWalker STACK = StackWalker.getInstance();
    private static final String PACKAGE = StatementTimes.class.getPackageName() + ".";
    private static final String OWN = StatementTimes.class.getName();
    private static final Pattern LAMBDA = Pattern.compile("lambda\\$(.+)\\$\\d+");

    /** More than the statements of all stores; past it a name is looked for each time. */
    private static final int MAX_NAMES = 1_000;

    private final long slowNanos;
    private final DatabaseObserver observer;
    private final Map<String, String> names = new ConcurrentHashMap<>();

    StatementTimes(Duration slow, DatabaseObserver observer) {
        this.slowNanos = slow.toNanos();
        this.observer = observer;
    }

    DatabaseObserver observer() {
        return observer;
    }

    @Override
    public void logAfterExecution(StatementContext context) {
        executed(context, false);
    }

    @Override
    public void logException(StatementContext context, SQLException failure) {
        executed(context, true);
    }

    private void executed(StatementContext context, boolean failed) {
        String name = name(context.getRawSql());
        long nanos = context.getElapsedTime(ChronoUnit.NANOS);
        boolean slow = nanos >= slowNanos;
        if (slow) {
            LOG.warn("{} took {} ms", name, Duration.ofNanos(nanos).toMillis());
        }
        observer.executed(new ExecutedStatement(name, nanos, slow, failed));
    }

    private String name(String sql) {
        String known = names.get(sql);
        if (known != null) {
            return known;
        }
        String found =
                STACK.walk(
                        frames ->
                                frames.filter(StatementTimes::standsInStore)
                                        .findFirst()
                                        .map(StatementTimes::name)
                                        .orElse("other"));
        if (names.size() < MAX_NAMES) {
            names.put(sql, found);
        }
        return found;
    }

    private static boolean standsInStore(StackWalker.StackFrame frame) {
        return frame.getClassName().startsWith(PACKAGE) && !frame.getClassName().startsWith(OWN);
    }

    private static String name(StackWalker.StackFrame frame) {
        String type = frame.getClassName().substring(PACKAGE.length()).replaceFirst("\\$.*", "");
        Matcher lambda = LAMBDA.matcher(frame.getMethodName());
        return type + "." + (lambda.matches() ? lambda.group(1) : frame.getMethodName());
    }
}
