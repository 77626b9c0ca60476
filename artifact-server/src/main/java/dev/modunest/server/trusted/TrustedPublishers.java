package dev.modunest.server.trusted;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;

import dev.modunest.db.Account;
import dev.modunest.db.AuditEntry;
import dev.modunest.db.Database;
import dev.modunest.db.Transaction;
import dev.modunest.db.identity.TrustedPublisher;
import dev.modunest.format.PluginId;
import dev.modunest.server.auth.Action;
import dev.modunest.server.auth.Caller;
import dev.modunest.server.auth.PluginAuthService;
import dev.modunest.server.body.JsonBody;
import dev.modunest.server.idempotency.Answer;
import dev.modunest.server.idempotency.Mutation;
import dev.modunest.server.idempotency.Mutations;
import dev.modunest.server.problem.Answers;
import dev.modunest.server.problem.PathCoordinates;
import dev.modunest.server.problem.ProblemCode;
import dev.modunest.server.problem.Rejection;
import dev.modunest.server.problem.RequestId;
import dev.modunest.server.trust.RegistryActs;

import io.helidon.http.HeaderNames;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import java.util.function.BiConsumer;

/** Which CI jobs publish a plugin, and whether they alone do. */
public final class TrustedPublishers {

    private static final int MAX_BODY = 16 << 10;
    private static final int MAX_PROVIDER = 64;
    private static final int MOST_PER_PLUGIN = 20;

    private final CiProviders providers;
    private final Database database;
    private final PluginAuthService auth;
    private final BiConsumer<PluginId, Account> names;
    private final RegistryActs acts;
    private final Mutations mutations;
    private final InstantSource clock;

    /**
     * Ready for use.
     *
     * @param names throws when a new plugin may not have the name
     */
    public TrustedPublishers(
            TrustedConfig config,
            Database database,
            PluginAuthService auth,
            BiConsumer<PluginId, Account> names,
            RegistryActs acts,
            Mutations mutations,
            InstantSource clock) {
        this.providers = new CiProviders(config);
        this.database = database;
        this.auth = auth;
        this.names = names;
        this.acts = acts;
        this.mutations = mutations;
        this.clock = clock;
    }

    /** {@code GET /api/v1/plugins/{namespace}/{name}/trusted-publishers}. */
    public void list(ServerRequest request, ServerResponse response) {
        PluginId plugin = PathCoordinates.plugin(request);
        ObjectNode document =
                database.read(
                        tx -> {
                            ObjectNode page =
                                    JsonNodeFactory.instance
                                            .objectNode()
                                            .put("plugin", plugin.toString())
                                            .put(
                                                    "trusted_publishing_only",
                                                    tx.plugins().isTrustedPublishingOnly(plugin));
                            ArrayNode publishers = page.putArray("trusted_publishers");
                            tx.trustedPublishers()
                                    .list(plugin)
                                    .forEach(one -> publishers.add(document(one)));
                            return page;
                        });
        response.header(HeaderNames.CACHE_CONTROL, "no-store");
        Answers.send(
                request,
                response,
                "application/json",
                document.toString().getBytes(StandardCharsets.UTF_8));
    }

    /** {@code POST /api/v1/plugins/{namespace}/{name}/trusted-publishers}. */
    public void post(ServerRequest request, ServerResponse response) {
        PluginId plugin = PathCoordinates.plugin(request);
        Account account = Caller.account(request);
        JsonBody body = JsonBody.read(request, MAX_BODY, Set.of("provider", "claims"));
        CiProvider provider = providers.named(body.line("provider", MAX_PROVIDER));
        JsonNode asked = body.object().path("claims");
        if (!asked.isObject()) {
            throw JsonBody.invalid("claims is an object");
        }
        Map<String, String> claims = provider.read(asked);
        names.accept(plugin, account);
        mutations
                .run(
                        Mutation.of(request, account, body.digest()),
                        tx -> {
                            TrustedPublisher publisher =
                                    trust(tx, account, plugin, provider, claims);
                            return new Answer(201, Map.of(), document(publisher).toString());
                        })
                .send(request, response);
    }

    private TrustedPublisher trust(
            Transaction tx,
            Account account,
            PluginId plugin,
            CiProvider provider,
            Map<String, String> claims) {
        Instant now = clock.instant().truncatedTo(ChronoUnit.MILLIS);
        claim(tx, account, plugin, now);
        if (tx.trustedPublishers().list(plugin).size() >= MOST_PER_PLUGIN) {
            throw JsonBody.invalid(
                    plugin
                            + " has "
                            + MOST_PER_PLUGIN
                            + " trusted publishers, the most there are; delete one");
        }
        UUID id = UUID.randomUUID();
        Account machine =
                tx.accounts()
                        .insertMachine(
                                "ci-" + id, provider.name() + " job that publishes " + plugin, now);
        TrustedPublisher publisher =
                new TrustedPublisher(
                        id,
                        plugin,
                        provider.name(),
                        provider.issuer().toString(),
                        claims,
                        machine.id(),
                        machine.name(),
                        account.name(),
                        now,
                        Optional.empty());
        if (!tx.trustedPublishers().insert(publisher, account.id())) {
            throw new Rejection(
                    ProblemCode.TRUSTED_PUBLISHER_EXISTS,
                    plugin
                            + " trusts this job already; GET /api/v1/plugins/"
                            + plugin
                            + "/trusted-publishers lists it");
        }
        tx.accessChanged();
        keep(tx, account, "trusted-publisher.created", plugin, document(publisher), now);
        return publisher;
    }

    /** A namespace that nobody has becomes the caller's, as by a first publish. */
    private void claim(Transaction tx, Account account, PluginId plugin, Instant now) {
        if (tx.namespaces().claim(plugin.namespace(), account.id(), now)) {
            tx.audit()
                    .append(
                            new AuditEntry(
                                    now,
                                    account,
                                    "namespace.claimed",
                                    plugin.namespace(),
                                    Optional.empty(),
                                    Optional.of(RequestId.current())));
            acts.record(
                    tx,
                    "namespace.claimed",
                    plugin.namespace(),
                    JsonNodeFactory.instance.objectNode().put("owner", account.name()),
                    now);
            return;
        }
        // Since access was decided another may have claimed it.
        if (!auth.authorize(tx, account, plugin, Action.TRUSTED_PUBLISHER_MANAGE).allowed()) {
            throw new Rejection(
                    ProblemCode.NAMESPACE_FOREIGN,
                    "The namespace "
                            + plugin.namespace()
                            + " belongs to another account; use one of your own, or ask its owner for a grant");
        }
    }

    /** {@code DELETE /api/v1/plugins/{namespace}/{name}/trusted-publishers/{publisher}}. */
    public void delete(ServerRequest request, ServerResponse response) {
        PluginId plugin = PathCoordinates.plugin(request);
        Account account = Caller.account(request);
        UUID id = id(request);
        mutations
                .run(
                        Mutation.of(request, account, ""),
                        tx -> {
                            Instant now = clock.instant();
                            TrustedPublisher gone =
                                    tx.trustedPublishers()
                                            .delete(plugin, id, now)
                                            .orElseThrow(TrustedPublishers::unknown);
                            tx.sessions()
                                    .revokeAll(
                                            gone.accountId(),
                                            Optional.empty(),
                                            "trusted no longer",
                                            now);
                            tx.accessChanged();
                            keep(
                                    tx,
                                    account,
                                    "trusted-publisher.deleted",
                                    plugin,
                                    document(gone),
                                    now);
                            return new Answer(200, Map.of(), document(gone).toString());
                        })
                .send(request, response);
    }

    private static UUID id(ServerRequest request) {
        try {
            return UUID.fromString(request.path().pathParameters().get("publisher"));
        } catch (IllegalArgumentException malformed) {
            throw unknown();
        }
    }

    private static Rejection unknown() {
        return new Rejection(
                ProblemCode.TRUSTED_PUBLISHER_UNKNOWN,
                "The plugin has no such trusted publisher; GET its trusted-publishers for those there are");
    }

    /** {@code PUT /api/v1/plugins/{namespace}/{name}/trusted-publishing-only}. */
    public void demand(ServerRequest request, ServerResponse response) {
        setOnly(request, response, true);
    }

    /** {@code DELETE /api/v1/plugins/{namespace}/{name}/trusted-publishing-only}. */
    public void allowOthers(ServerRequest request, ServerResponse response) {
        setOnly(request, response, false);
    }

    private void setOnly(ServerRequest request, ServerResponse response, boolean only) {
        PluginId plugin = PathCoordinates.plugin(request);
        Account account = Caller.account(request);
        mutations
                .run(
                        Mutation.of(request, account, ""),
                        tx -> {
                            if (!tx.plugins().setTrustedPublishingOnly(plugin, only)) {
                                throw PathCoordinates.unknownPlugin(request);
                            }
                            ObjectNode document =
                                    JsonNodeFactory.instance
                                            .objectNode()
                                            .put("plugin", plugin.toString())
                                            .put("trusted_publishing_only", only);
                            keep(
                                    tx,
                                    account,
                                    "plugin.trusted-publishing-" + (only ? "demanded" : "optional"),
                                    plugin,
                                    JsonNodeFactory.instance.objectNode(),
                                    clock.instant());
                            return new Answer(200, Map.of(), document.toString());
                        })
                .send(request, response);
    }

    private static void keep(
            Transaction tx,
            Account account,
            String action,
            PluginId plugin,
            ObjectNode detail,
            Instant now) {
        tx.audit()
                .append(
                        new AuditEntry(
                                now,
                                account,
                                action,
                                plugin.toString(),
                                Optional.empty(),
                                Optional.of(RequestId.current()),
                                detail.toString()));
        // Last: from the outbox on other changes of the index wait.
        if (tx.plugins().find(plugin).isPresent()) {
            long _ = tx.outbox().append("plugin.publishers-changed", plugin, "{}", now);
        }
    }

    private static ObjectNode document(TrustedPublisher publisher) {
        ObjectNode document =
                JsonNodeFactory.instance
                        .objectNode()
                        .put("trusted_publisher", publisher.id().toString())
                        .put("plugin", publisher.plugin().toString())
                        .put("provider", publisher.provider())
                        .put("issuer", publisher.issuer());
        ObjectNode claims = document.putObject("claims");
        new TreeMap<>(publisher.claims()).forEach(claims::put);
        document.put("account", publisher.account())
                .put("created_by", publisher.createdBy())
                .put("created_at", publisher.createdAt().toString());
        publisher.lastUsedAt().ifPresent(at -> document.put("last_used_at", at.toString()));
        return document;
    }
}
