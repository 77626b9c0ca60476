package dev.modunest.db;

/**
 * A statement that ran.
 *
 * @param name class and method that it stands in, {@code ReleaseStore.find}: one of a fixed set
 * @param nanos until the database answered
 * @param slow whether that was {@code database.slow_statement} or longer
 * @param failed whether the answer was an error
 */
public record ExecutedStatement(String name, long nanos, boolean slow, boolean failed) {}
