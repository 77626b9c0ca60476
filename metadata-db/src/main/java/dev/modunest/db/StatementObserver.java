package dev.modunest.db;

/** Is told of every statement after it ran, in the thread that ran it. Thread-safe. */
@FunctionalInterface
public interface StatementObserver {

    void executed(ExecutedStatement statement);
}
