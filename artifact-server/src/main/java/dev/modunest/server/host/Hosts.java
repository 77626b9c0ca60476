package dev.modunest.server.host;

import dev.modunest.db.Database;
import dev.modunest.server.admission.Parties;
import dev.modunest.server.admission.RateLimits;
import dev.modunest.server.auth.PluginAuthService;
import dev.modunest.server.idempotency.Mutations;

import io.helidon.webserver.http.Handler;

import java.net.URI;
import java.time.InstantSource;
import java.util.function.Supplier;

/** Wires what enrols and administers hosts. */
public final class Hosts {

    private static final int MAX_BODY = 16 << 10;

    private final EnrolmentEndpoint enrolments;
    private final EnrolEndpoint enrol;
    private final HostEndpoint hosts;

    public Hosts(
            Database database,
            PluginAuthService auth,
            Mutations mutations,
            Supplier<URI> issuer,
            RateLimits limits,
            Parties parties,
            InstantSource clock) {
        HostRights rights = new HostRights(auth);
        this.enrolments = new EnrolmentEndpoint(MAX_BODY, database, rights, clock);
        this.enrol = new EnrolEndpoint(MAX_BODY, database, issuer, limits, parties, clock);
        this.hosts = new HostEndpoint(MAX_BODY, database, mutations, rights, clock);
    }

    /** {@code POST /api/v1/enrolments}. */
    public Handler makeCode() {
        return enrolments::post;
    }

    /** {@code GET /api/v1/enrolments}. */
    public Handler listCodes() {
        return enrolments::list;
    }

    /** {@code DELETE /api/v1/enrolments/{enrolment}}. */
    public Handler deleteCode() {
        return enrolments::delete;
    }

    /** {@code POST /api/v1/hosts/enrol}. */
    public Handler enrol() {
        return enrol::post;
    }

    /** {@code GET /api/v1/hosts}. */
    public Handler list() {
        return hosts::list;
    }

    /** {@code GET /api/v1/hosts/{host}}. */
    public Handler get() {
        return hosts::get;
    }

    /** {@code PATCH /api/v1/hosts/{host}}. */
    public Handler patch() {
        return hosts::patch;
    }

    /** {@code DELETE /api/v1/hosts/{host}}. */
    public Handler delete() {
        return hosts::delete;
    }
}
