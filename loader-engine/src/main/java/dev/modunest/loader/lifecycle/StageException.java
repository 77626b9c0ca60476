package dev.modunest.loader.lifecycle;

import dev.modunest.loader.Outcome;

import org.jspecify.annotations.Nullable;

/** A plugin cannot be loaded, and why. */
final class StageException extends Exception {

    private static final long serialVersionUID = 1L;

    private final transient Outcome.Failed failed;

    StageException(Outcome.Stage stage, String code, String reason) {
        this(stage, code, reason, null);
    }

    /**
     * @param thrown what the plugin or the platform threw; null when nothing was
     */
    StageException(Outcome.Stage stage, String code, String reason, @Nullable Throwable thrown) {
        super(reason);
        this.failed = new Outcome.Failed(stage, code, reason, Causes.of(thrown));
    }

    Outcome.Failed failed() {
        return failed;
    }
}
