package dev.modunest.server.namespace;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;

import dev.modunest.db.Database;
import dev.modunest.db.Transaction;
import dev.modunest.db.identity.NamespaceChallenge;
import dev.modunest.db.identity.NamespaceProofStore;
import dev.modunest.server.auth.Action;
import dev.modunest.server.auth.PluginAuthService;
import dev.modunest.server.auth.Principal;
import dev.modunest.server.auth.Resource;
import dev.modunest.server.idempotency.Answer;
import dev.modunest.server.idempotency.Mutation;
import dev.modunest.server.idempotency.Mutations;
import dev.modunest.server.problem.ProblemCode;
import dev.modunest.server.problem.Rejection;

import java.security.SecureRandom;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.Base64;
import java.util.Map;
import java.util.Optional;

/**
 * Proves that who has a namespace is who its name says: by a domain of that name, or by an OpenID
 * provider that vouches for the organisation. Thread-safe.
 */
final class Verification {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int CHALLENGE_BYTES = 32;

    private final NamespacesConfig config;
    private final Map<String, String> organizationClaims;
    private final TextRecords records;
    private final Database database;
    private final PluginAuthService auth;
    private final Mutations mutations;
    private final SecureRandom random = new SecureRandom();
    private final InstantSource clock;

    /**
     * Ready for use.
     *
     * @param organizationClaims by issuer the claim by which it vouches for organisations
     */
    Verification(
            NamespacesConfig config,
            Map<String, String> organizationClaims,
            Database database,
            PluginAuthService auth,
            Mutations mutations,
            InstantSource clock) {
        this.config = config;
        this.organizationClaims = Map.copyOf(organizationClaims);
        this.records = new TextRecords(config);
        this.database = database;
        this.auth = auth;
        this.mutations = mutations;
        this.clock = clock;
    }

    /** Gives a challenge that is to be put into the domain. */
    Answer challenge(
            Principal.Developer caller, Mutation mutation, String namespace, DomainName domain) {
        if (!domain.namespaces().contains(namespace)) {
            throw new Rejection(
                    ProblemCode.DOMAIN_MISMATCH,
                    "The domain "
                            + domain
                            + " verifies "
                            + String.join(" and ", domain.namespaces())
                            + ", and not "
                            + namespace
                            + "; use a domain of that name, or claim a namespace of the domain's name");
        }
        return mutations.run(
                mutation,
                tx -> {
                    NamespaceChange change = begin(tx, caller, namespace);
                    NamespaceChallenge challenge =
                            new NamespaceChallenge(
                                    namespace,
                                    domain.text(),
                                    randomText(),
                                    change.now(),
                                    change.now().plus(config.challenge()));
                    tx.namespaceProofs().put(challenge);
                    change.audit(
                            "namespace.challenged",
                            NamespaceChange.detail().put("domain", domain.text()));
                    return new Answer(
                            201,
                            Map.of(),
                            NamespaceDocuments.challenge(challenge, domain).toString());
                });
    }

    /** Looks the challenge up, outside of any transaction, and notes what came of it. */
    Answer check(Principal.Developer caller, Mutation mutation, String namespace) {
        NamespaceChallenge challenge = database.read(tx -> current(tx, namespace));
        DomainName domain = new DomainName(challenge.domain());
        String wanted = NamespaceDocuments.value(challenge);
        if (!records.find(domain.record()).contains(wanted)) {
            throw new Rejection(
                    ProblemCode.VERIFICATION_FAILED,
                    "There is no TXT record "
                            + domain.record()
                            + " with the value "
                            + wanted
                            + "; put it there and try again, at the latest at "
                            + challenge.expiresAt()
                            + ". What was asked for before stays in caches of resolvers for a while");
        }
        return mutations.run(
                mutation,
                tx -> {
                    NamespaceChange change = begin(tx, caller, namespace);
                    if (!current(tx, namespace).equals(challenge)) {
                        throw unknown(namespace);
                    }
                    tx.namespaceProofs().delete(namespace);
                    change.setVerified(Optional.of("dns"), Optional.of(domain.text()));
                    return answer(change);
                });
    }

    private NamespaceChallenge current(Transaction tx, String namespace) {
        return tx.namespaceProofs()
                .find(namespace)
                .filter(challenge -> challenge.expiresAt().isAfter(clock.instant()))
                .orElseThrow(() -> unknown(namespace));
    }

    private static Rejection unknown(String namespace) {
        return new Rejection(
                ProblemCode.CHALLENGE_UNKNOWN,
                "There is no challenge for the namespace "
                        + namespace
                        + ", or it has expired; POST /api/v1/namespaces/"
                        + namespace
                        + "/verification gives one");
    }

    /** Verifies by what a provider said of the caller at the last sign-in. */
    Answer byProvider(Principal.Developer caller, Mutation mutation, String namespace) {
        return mutations.run(
                mutation,
                tx -> {
                    NamespaceChange change = begin(tx, caller, namespace);
                    boolean vouched =
                            tx.namespaceProofs().said(caller.account().id()).stream()
                                    .anyMatch(said -> vouches(said, namespace));
                    if (!vouched) {
                        throw new Rejection(
                                ProblemCode.VERIFICATION_FAILED,
                                "No provider of this registry said at your last sign-in that you belong to the organization "
                                        + namespace
                                        + "; sign in by one that does, and see that it tells organizations");
                    }
                    change.setVerified(Optional.of("oidc"), Optional.empty());
                    return answer(change);
                });
    }

    /** The claim is a text or a list of texts; what is neither vouches for nobody. */
    private boolean vouches(NamespaceProofStore.Said said, String namespace) {
        String claim = organizationClaims.get(said.issuer());
        if (claim == null) {
            return false;
        }
        JsonNode value = claims(said).path(claim);
        if (value.isTextual()) {
            return value.asText().equals(namespace);
        }
        for (JsonNode one : value) {
            if (one.isTextual() && one.asText().equals(namespace)) {
                return true;
            }
        }
        return false;
    }

    private static JsonNode claims(NamespaceProofStore.Said said) {
        try {
            return JSON.readTree(said.claims());
        } catch (JsonProcessingException corrupt) {
            throw new IllegalStateException("the claims of an identity cannot be read", corrupt);
        }
    }

    private NamespaceChange begin(Transaction tx, Principal.Developer caller, String namespace) {
        NamespaceChange change =
                NamespaceChange.begin(
                        tx,
                        namespace,
                        caller.account(),
                        clock.instant().truncatedTo(ChronoUnit.MILLIS));
        auth.require(tx, caller, new Resource.OfNamespace(namespace), Action.NAMESPACE_MANAGE);
        return change;
    }

    private static Answer answer(NamespaceChange change) {
        return new Answer(
                200, Map.of(), NamespaceDocuments.namespace(change.namespace()).toString());
    }

    private String randomText() {
        byte[] bytes = new byte[CHALLENGE_BYTES];
        random.nextBytes(bytes);
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }
}
