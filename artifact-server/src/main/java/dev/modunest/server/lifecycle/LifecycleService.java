package dev.modunest.server.lifecycle;

import dev.modunest.db.Account;
import dev.modunest.db.Release;
import dev.modunest.db.ReleaseState;
import dev.modunest.db.Transaction;
import dev.modunest.format.Coordinate;
import dev.modunest.format.PluginId;
import dev.modunest.format.resolve.ReleaseStatus;
import dev.modunest.server.attest.RegistryLog;
import dev.modunest.server.auth.Action;
import dev.modunest.server.auth.PluginAuthService;
import dev.modunest.server.auth.Principal;
import dev.modunest.server.auth.Resource;
import dev.modunest.server.idempotency.Answer;
import dev.modunest.server.idempotency.Mutation;
import dev.modunest.server.idempotency.Mutations;
import dev.modunest.server.problem.ProblemCode;
import dev.modunest.server.problem.Rejection;
import dev.modunest.server.release.ReleaseJson;
import dev.modunest.server.serial.Change;
import dev.modunest.server.serial.SerialLog;

import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;

/** Decides what may become of a release. Thread-safe. */
final class LifecycleService {

    private final PluginAuthService auth;
    private final DeleteConfig config;
    private final Mutations mutations;
    private final SerialLog serials;
    private final RegistryLog log;
    private final InstantSource clock;

    LifecycleService(
            PluginAuthService auth,
            DeleteConfig config,
            Mutations mutations,
            SerialLog serials,
            RegistryLog log,
            InstantSource clock) {
        this.auth = auth;
        this.config = config;
        this.mutations = mutations;
        this.serials = serials;
        this.log = log;
        this.clock = clock;
    }

    private interface Step {
        void apply(Transaction tx, ReleaseChanges changes);
    }

    Answer patch(Principal caller, Mutation mutation, Coordinate coordinate, ReleasePatch patch) {
        Resource plugin = new Resource.OfPlugin(coordinate.plugin());
        patch.yanked().ifPresent(_ -> auth.require(caller, plugin, Action.RELEASE_YANK));
        patch.deprecated().ifPresent(_ -> auth.require(caller, plugin, Action.RELEASE_DEPRECATE));
        patch.quarantined().ifPresent(_ -> auth.require(caller, plugin, Action.RELEASE_QUARANTINE));
        return change(mutation, coordinate, (tx, changes) -> apply(tx, patch, changes));
    }

    Answer delete(Mutation mutation, Coordinate coordinate, String reason) {
        return change(
                mutation,
                coordinate,
                (tx, changes) -> {
                    Instant now = now();
                    requireDeletable(tx, mutation.account(), changes.state(), now);
                    changes.step(
                            "release.deleted",
                            changes.state().withDeleted(new ReleaseState.Deletion(reason, now)),
                            Optional.of(reason));
                });
    }

    private Answer change(Mutation mutation, Coordinate coordinate, Step step) {
        AtomicReference<Optional<ReleaseState>> changed = new AtomicReference<>(Optional.empty());
        Answer answer =
                mutations.run(
                        mutation,
                        tx -> {
                            ReleaseState state = lock(tx, coordinate);
                            ReleaseChanges changes =
                                    new ReleaseChanges(mutation.account(), state, now());
                            step.apply(tx, changes);
                            Optional<Long> serial = changes.write(tx, log);
                            changed.set(Optional.of(state));
                            return answer(tx, coordinate, serial);
                        });
        changed.get().ifPresent(state -> serials.changed(Change.of(coordinate, state.digest())));
        return answer;
    }

    private Instant now() {
        return clock.instant().truncatedTo(ChronoUnit.MILLIS);
    }

    private static Answer answer(Transaction tx, Coordinate coordinate, Optional<Long> serial) {
        Release release =
                tx.releases()
                        .find(coordinate)
                        .orElseThrow(() -> new IllegalStateException(coordinate + " was locked"));
        return new Answer(
                200,
                serial.map(number -> Map.of("Registry-Serial", Long.toString(number)))
                        .orElse(Map.of()),
                ReleaseJson.document(release).toString());
    }

    private static ReleaseState lock(Transaction tx, Coordinate coordinate) {
        ReleaseState state =
                tx.releaseStates()
                        .lock(coordinate)
                        .orElseThrow(
                                () ->
                                        new Rejection(
                                                ProblemCode.RELEASE_UNKNOWN,
                                                "There is no release "
                                                        + coordinate
                                                        + "; GET /api/v1/plugins/"
                                                        + coordinate.plugin()
                                                        + " lists those there are"));
        state.deleted()
                .ifPresent(
                        deletion -> {
                            throw new Rejection(
                                    ProblemCode.RELEASE_DELETED,
                                    coordinate
                                            + " was deleted at "
                                            + deletion.at()
                                            + ": "
                                            + deletion.reason()
                                            + ". That is final; publish another version");
                        });
        return state;
    }

    private static void apply(Transaction tx, ReleasePatch patch, ReleaseChanges changes) {
        patch.yanked()
                .ifPresent(
                        setting ->
                                changes.step(
                                        kind(setting, "release.yanked", "release.unyanked"),
                                        changes.state().withYanked(setting.value()),
                                        setting.value()));
        patch.deprecated()
                .ifPresent(
                        setting -> {
                            setting.value()
                                    .flatMap(ReleaseStatus.Deprecation::replacement)
                                    .ifPresent(
                                            replacement ->
                                                    requireReplacement(tx, changes, replacement));
                            changes.step(
                                    kind(setting, "release.deprecated", "release.undeprecated"),
                                    changes.state().withDeprecated(setting.value()),
                                    setting.value().map(ReleaseStatus.Deprecation::reason));
                        });
        patch.quarantined()
                .ifPresent(
                        setting ->
                                changes.step(
                                        kind(
                                                setting,
                                                ReleaseChanges.QUARANTINED,
                                                "release.unquarantined"),
                                        changes.state().withQuarantined(setting.value()),
                                        setting.value()));
    }

    private static String kind(ReleasePatch.Setting<?> setting, String set, String takenBack) {
        return setting.value().isPresent() ? set : takenBack;
    }

    private static void requireReplacement(
            Transaction tx, ReleaseChanges changes, PluginId replacement) {
        if (replacement.equals(changes.state().coordinate().plugin())
                || tx.plugins().find(replacement).isEmpty()) {
            throw new Rejection(
                    ProblemCode.REPLACEMENT_INVALID,
                    replacement
                            + " cannot replace "
                            + changes.state().coordinate().plugin()
                            + ": it is the same plugin, or there is none of that name; name another plugin of this registry, or leave the replacement out");
        }
    }

    /**
     * The rule of crates.io: within the window, or while nobody depends on the plugin; a namespace
     * has one owner here. After that others have built on the release.
     */
    private void requireDeletable(
            Transaction tx, Account account, ReleaseState state, Instant now) {
        if (account.administrator() || state.publishedAt().plus(config.window()).isAfter(now)) {
            return;
        }
        tx.releaseStates()
                .findDependent(state.coordinate().plugin())
                .ifPresent(
                        dependent -> {
                            throw new Rejection(
                                    ProblemCode.DELETE_REFUSED,
                                    state.coordinate()
                                            + " was published at "
                                            + state.publishedAt()
                                            + ", more than "
                                            + config.window().toHours()
                                            + " hours ago, and "
                                            + dependent
                                            + " requires the plugin; yank the release instead, or ask an administrator");
                        });
    }
}
