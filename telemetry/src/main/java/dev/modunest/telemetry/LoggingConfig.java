package dev.modunest.telemetry;

import dev.modunest.settings.Default;

/** How the lines of the log look. */
public record LoggingConfig(@Default("auto") LogFormat format) {}
