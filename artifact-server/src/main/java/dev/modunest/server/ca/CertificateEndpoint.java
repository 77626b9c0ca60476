package dev.modunest.server.ca;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;

import dev.modunest.db.Database;
import dev.modunest.db.trust.CertificateRecord;
import dev.modunest.db.trust.Revocation;
import dev.modunest.format.Digest;
import dev.modunest.server.auth.Caller;
import dev.modunest.server.auth.PluginAuthService;
import dev.modunest.server.auth.Principal;
import dev.modunest.server.body.JsonBody;
import dev.modunest.server.body.SmallBody;
import dev.modunest.server.idempotency.Mutation;
import dev.modunest.server.idempotency.Mutations;
import dev.modunest.server.problem.Answers;
import dev.modunest.server.problem.PathCoordinates;
import dev.modunest.server.problem.ProblemCode;
import dev.modunest.server.problem.Rejection;
import dev.modunest.server.trust.RegistryActs;
import dev.modunest.server.trust.TrustConfig;
import dev.modunest.server.trust.TrustDirectory;
import dev.modunest.server.x509.SigningRequest;

import io.helidon.http.HeaderNames;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** {@code /api/v1/namespaces/{namespace}/certificates}. */
public final class CertificateEndpoint {

    private static final int MAX_BODY = 8 << 10;
    private static final int MOST_LISTED = 500;

    private final Database database;
    private final Mutations mutations;
    private final Issuance issuance;
    private final Revocations revocations;
    private final InstantSource clock;

    public CertificateEndpoint(
            TrustConfig config,
            TrustDirectory trust,
            RevocationLists lists,
            RegistryActs acts,
            Database database,
            PluginAuthService auth,
            Mutations mutations,
            InstantSource clock) {
        CertificateAudit audit = new CertificateAudit(acts);
        this.database = database;
        this.mutations = mutations;
        this.issuance = new Issuance(config, new CertificateAuthority(trust, config), audit, auth);
        this.revocations = new Revocations(lists, audit);
        this.clock = clock;
    }

    /** {@code GET}: the newest first. */
    public void list(ServerRequest request, ServerResponse response) {
        List<CertificateRecord> certificates =
                database.read(tx -> tx.certificates().list(namespace(request), MOST_LISTED));
        ObjectNode document = JsonNodeFactory.instance.objectNode();
        ArrayNode array = document.putArray("certificates");
        certificates.forEach(one -> array.add(CertificateDocuments.certificate(one)));
        response.header(HeaderNames.CACHE_CONTROL, "private, no-cache");
        Answers.send(
                request,
                response,
                "application/json",
                document.toString().getBytes(StandardCharsets.UTF_8));
    }

    /** {@code POST}: certifies the key of a PKCS#10 request. */
    public void issue(ServerRequest request, ServerResponse response) {
        byte[] body = SmallBody.read(request, MAX_BODY);
        Principal.Developer caller = Caller.developer(request);
        String namespace = namespace(request);
        SigningRequest asked = parse(body);
        mutations
                .run(
                        Mutation.of(request, caller.account(), Digest.ofBytes(body).hex()),
                        tx -> issuance.issue(tx, caller, namespace, asked.key(), now()))
                .send(request, response);
    }

    private static SigningRequest parse(byte[] body) {
        try {
            return SigningRequest.parse(body);
        } catch (IllegalArgumentException malformed) {
            throw new Rejection(
                    ProblemCode.SIGNING_REQUEST_INVALID,
                    "The body is no certification request (PKCS#10, PEM or DER): "
                            + malformed.getMessage()
                            + "; make one with ./modunest cert request or openssl req -new");
        }
    }

    /** {@code POST .../{serial}/revocation}. */
    public void revoke(ServerRequest request, ServerResponse response) {
        JsonBody body = JsonBody.read(request, MAX_BODY, Set.of("reason", "invalidity_date"));
        String reason =
                body.findWord("reason", Revocation.REASONS)
                        .orElseThrow(() -> JsonBody.invalid("The body does not have reason"));
        Optional<Instant> since =
                body.findInstant("invalidity_date").map(from -> checked(from, reason));
        Principal.Developer caller = Caller.developer(request);
        String serial = request.path().pathParameters().get("serial");
        mutations
                .run(
                        Mutation.of(request, caller.account(), body.digest()),
                        tx ->
                                revocations.revoke(
                                        tx,
                                        caller,
                                        namespace(request),
                                        serial,
                                        reason,
                                        since,
                                        now()))
                .send(request, response);
    }

    private Instant checked(Instant since, String reason) {
        if (!reason.equals(Revocation.KEY_COMPROMISE)) {
            throw JsonBody.invalid("invalidity_date goes with key-compromise only");
        }
        if (since.isAfter(clock.instant())) {
            throw JsonBody.invalid("invalidity_date is not in the future, but " + since);
        }
        return since.truncatedTo(ChronoUnit.SECONDS);
    }

    private Instant now() {
        return clock.instant().truncatedTo(ChronoUnit.MICROS);
    }

    private static String namespace(ServerRequest request) {
        return PathCoordinates.namespace(request);
    }
}
