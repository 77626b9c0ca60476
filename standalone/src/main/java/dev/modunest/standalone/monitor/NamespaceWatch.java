package dev.modunest.standalone.monitor;

import com.fasterxml.jackson.databind.node.ObjectNode;

import dev.modunest.format.Coordinate;
import dev.modunest.format.sign.VerifyingKey;
import dev.modunest.format.trust.statement.DsseEnvelope;
import dev.modunest.format.trust.statement.Purl;
import dev.modunest.format.trust.statement.RegistryAct;
import dev.modunest.format.trust.statement.ReleaseStatement;
import dev.modunest.format.trust.statement.Statement;
import dev.modunest.format.trust.statement.VerificationSummary;

import java.io.IOException;
import java.util.Optional;

/** Finds in the entries of a log what concerns a namespace, and what of that is not its own. */
public final class NamespaceWatch {

    private final String namespace;
    private final OwnSigners own;
    private final RemoteLog log;

    /**
     * A watch over one namespace.
     *
     * @param log has the statements
     */
    public NamespaceWatch(String namespace, OwnSigners own, RemoteLog log) {
        this.namespace = namespace;
        this.own = own;
        this.log = log;
    }

    /** Empty when the entry concerns others. */
    public Optional<Finding> find(long index, byte[] entry)
            throws IOException, InterruptedException {
        LoggedStatement logged;
        try {
            logged = LoggedStatement.parse(entry);
        } catch (IllegalArgumentException malformed) {
            return Optional.of(unreadable(index, malformed));
        }
        Optional<byte[]> payload = log.statement(logged.payload());
        return payload.isPresent() ? read(index, logged, payload.get()) : hidden(index, logged);
    }

    private static Finding unreadable(long index, IllegalArgumentException malformed) {
        return new Finding(
                index,
                "unreadable",
                "entry",
                Optional.empty(),
                Optional.of(String.valueOf(malformed.getMessage())));
    }

    /** A statement of a private namespace: the certificate tells whose it is. */
    private Optional<Finding> hidden(long index, LoggedStatement logged) {
        if (!logged.isBy(namespace)) {
            return Optional.empty();
        }
        String key = OwnSigners.name(logged.key());
        return Optional.of(
                new Finding(
                        index,
                        "statement-signed",
                        logged.payload().toString(),
                        Optional.of(key),
                        own.have(logged.certificate(), logged.key())
                                ? Optional.empty()
                                : Optional.of("signed by a key that is not yours")));
    }

    private Optional<Finding> read(long index, LoggedStatement logged, byte[] payload) {
        try {
            DsseEnvelope envelope = logged.envelope(payload);
            Statement statement = Statement.parse(envelope);
            VerifyingKey key = logged.key();
            Optional<String> unsigned =
                    envelope.isSignedBy(key)
                            ? Optional.empty()
                            : Optional.of("its signature is not that of its certificate");
            return switch (statement.predicateType()) {
                case VerificationSummary.TYPE ->
                        summary(index, logged, VerificationSummary.of(statement), unsigned);
                case RegistryAct.TYPE -> act(index, logged, RegistryAct.of(statement), unsigned);
                default -> signed(index, logged, key, statement, unsigned);
            };
        } catch (IllegalArgumentException malformed) {
            return logged.isBy(namespace)
                    ? Optional.of(unreadable(index, malformed))
                    : Optional.empty();
        }
    }

    private Optional<Finding> signed(
            long index,
            LoggedStatement logged,
            VerifyingKey key,
            Statement statement,
            Optional<String> unsigned) {
        Coordinate release = Purl.parse(statement.subject().name());
        if (!isOurs(release) && !logged.isBy(namespace)) {
            return Optional.empty();
        }
        Optional<String> foreign =
                unsigned.or(
                        () ->
                                own.have(logged.certificate(), key)
                                        ? Optional.empty()
                                        : Optional.of("signed by a key that is not yours"));
        String what =
                statement.predicateType().equals(ReleaseStatement.TYPE)
                        ? "release-signed"
                        : "attestation-signed";
        return Optional.of(
                new Finding(
                        index,
                        what,
                        release.toString(),
                        Optional.of(OwnSigners.name(key)),
                        foreign));
    }

    private Optional<Finding> summary(
            long index,
            LoggedStatement logged,
            VerificationSummary summary,
            Optional<String> unsigned) {
        if (!isOurs(summary.coordinate())) {
            return Optional.empty();
        }
        Optional<String> foreign =
                unsigned.or(() -> ofOther(logged))
                        .or(
                                () ->
                                        summary.passed() && summary.inputs().isEmpty()
                                                ? Optional.of("no publisher signed the release")
                                                : Optional.empty());
        return Optional.of(
                new Finding(
                        index,
                        summary.passed() ? "release-accepted" : "release-taken-down",
                        summary.coordinate().toString(),
                        Optional.empty(),
                        foreign));
    }

    private static Optional<String> ofOther(LoggedStatement logged) {
        return logged.isByRegistry()
                ? Optional.empty()
                : Optional.of("signed by somebody else than the registry");
    }

    private Optional<Finding> act(
            long index, LoggedStatement logged, RegistryAct act, Optional<String> unsigned) {
        if (!act.name().equals(namespace) && !act.name().startsWith(namespace + "/")) {
            return Optional.empty();
        }
        Optional<String> key =
                Optional.ofNullable(act.detail().get("key")).map(name -> name.asText());
        Optional<String> foreign =
                unsigned.or(() -> ofOther(logged)).or(() -> ofOtherKey(act, key));
        return Optional.of(new Finding(index, act.act(), act.name(), key, foreign));
    }

    /** What a job signs with its key tells its repository; the act does not. */
    private Optional<String> ofOtherKey(RegistryAct act, Optional<String> key) {
        ObjectNode detail = act.detail();
        boolean ours = key.filter(own::haveKey).isPresent() || (detail.has("ci") && own.haveJobs());
        return act.act().equals("certificate-issued") && !ours
                ? Optional.of("certifies a key that is not yours")
                : Optional.empty();
    }

    private boolean isOurs(Coordinate release) {
        return release.plugin().namespace().equals(namespace);
    }
}
