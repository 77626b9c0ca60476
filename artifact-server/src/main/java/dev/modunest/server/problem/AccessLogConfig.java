package dev.modunest.server.problem;

import dev.modunest.settings.Default;

/** Whether each request is a line of the log. */
public record AccessLogConfig(@Default("true") boolean enabled) {}
