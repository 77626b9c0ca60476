package dev.modunest.server.resolve;

import dev.modunest.format.resolve.Lock;
import dev.modunest.format.resolve.LockJson;
import dev.modunest.format.resolve.Plan;
import dev.modunest.format.resolve.ReleaseSource;
import dev.modunest.format.resolve.RequestJson;
import dev.modunest.format.resolve.Resolution;
import dev.modunest.format.resolve.ResolveRequest;
import dev.modunest.server.admission.Parties;
import dev.modunest.server.auth.Caller;
import dev.modunest.server.auth.PluginAuthService;
import dev.modunest.server.auth.Principal;
import dev.modunest.server.connection.BodyStream;
import dev.modunest.server.problem.Answers;
import dev.modunest.server.problem.ProblemCode;
import dev.modunest.server.problem.Rejection;
import dev.modunest.server.token.ArtifactUrls;

import io.helidon.http.HeaderNames;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Collectors;

/** {@code POST /api/v1/resolve} and {@code POST /api/v1/resolve/verify}. */
public final class ResolveEndpoint {

    private final int maxBytes;
    private final Parties parties;
    private final Solving solving;
    private final ReleaseSource releases;
    private final PluginAuthService auth;
    private final ArtifactUrls urls;
    private final InstantSource clock;

    public ResolveEndpoint(
            ResolveConfig config,
            Parties parties,
            Solving solving,
            ReleaseSource releases,
            PluginAuthService auth,
            ArtifactUrls urls,
            InstantSource clock) {
        this.maxBytes = (int) config.maxBody().bytes();
        this.parties = parties;
        this.solving = solving;
        this.releases = releases;
        this.auth = auth;
        this.urls = urls;
        this.clock = clock;
    }

    /** Answers the lock of a plan, or why there is none. */
    public void post(ServerRequest request, ServerResponse response) {
        ResolveRequest wanted = read(request, json -> RequestJson.read(json, clock.instant()));
        Lock lock = solving.solve(parties.of(request), wanted, readableBy(Caller.of(request)));
        send(request, response, LockJson.write(forCaller(lock, Caller.of(request))));
    }

    /** With URLs that prove that the caller may have what most others may not. */
    private Lock forCaller(Lock lock, Principal caller) {
        if (caller instanceof Principal.Anonymous) {
            return lock;
        }
        return new Lock(
                lock.requirements(),
                lock.host(),
                lock.policy(),
                new Plan(
                        lock.plan().steps().stream()
                                .map(
                                        step ->
                                                auth.readsInPrivate(
                                                                caller, step.coordinate().plugin())
                                                        ? step.withUrl(urls.sign(step.digest()))
                                                        : step)
                                .toList()));
    }

    /** Says whether a lock still holds, without solving. */
    public void verify(ServerRequest request, ServerResponse response) {
        LockJson.Verification asked = read(request, LockJson::readVerification);
        List<Resolution.Reason> reasons =
                asked.lock().verify(asked.requirements(), readableBy(Caller.of(request)));
        if (!reasons.isEmpty()) {
            throw new Rejection(
                    ProblemCode.LOCK_OUTDATED,
                    "The lock is no answer to the requirements any more; errors lists why. Resolve"
                            + " again, with its releases as 'locked' to keep the others",
                    Solving.faults(reasons));
        }
        send(request, response, "{\"valid\":true,\"digest\":\"" + asked.digest() + "\"}");
    }

    /** What the caller may not read does not exist for them. */
    private ReleaseSource readableBy(Principal caller) {
        return plugins ->
                releases.releases(
                        plugins.stream()
                                .filter(plugin -> auth.mayRead(caller, plugin))
                                .collect(Collectors.toSet()));
    }

    private static void send(ServerRequest request, ServerResponse response, String json) {
        response.header(HeaderNames.CACHE_CONTROL, "no-store");
        Answers.send(request, response, "application/json", json.getBytes(StandardCharsets.UTF_8));
    }

    private <T> T read(ServerRequest request, Function<String, T> reader) {
        try {
            return reader.apply(body(request));
        } catch (IllegalArgumentException malformed) {
            throw new Rejection(
                    ProblemCode.RESOLVE_REQUEST_INVALID,
                    malformed.getMessage() + "; /openapi.yaml has the form of the request");
        }
    }

    private String body(ServerRequest request) {
        long announced = request.headers().contentLength().orElse(0);
        if (announced > maxBytes) {
            throw tooLarge(announced + " bytes");
        }
        try (BodyStream in = new BodyStream(request)) {
            byte[] body = in.readNBytes(maxBytes + 1);
            if (body.length > maxBytes) {
                throw tooLarge("more than " + maxBytes + " bytes");
            }
            return new String(body, StandardCharsets.UTF_8);
        } catch (IOException impossible) {
            throw new UncheckedIOException("a body stream throws none", impossible);
        }
    }

    private Rejection tooLarge(String actual) {
        return new Rejection(
                ProblemCode.BODY_TOO_LARGE,
                "The body has "
                        + actual
                        + " and the limit for a resolve request is "
                        + maxBytes
                        + "; ask for fewer plugins at a time");
    }
}
